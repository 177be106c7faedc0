module soket

go 1.26
