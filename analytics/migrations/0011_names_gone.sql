-- Its names are in body_keys; in a file of its own, for a run that is cut off is begun again.
DROP TABLE IF EXISTS body_names;
