package document

// Scene is what an engine saw on one page before anybody made sense of it: glyphs and ruling lines
// in points from the top left corner of the page as shown. All engines give scenes; one layout
// turns them into lines, blocks and tables.
type Scene struct {
	Page      int     `json:"page"` // from 1
	Width     float64 `json:"width"`
	Height    float64 `json:"height"`
	Rotate    int     `json:"rotate,omitempty"` // of the page, already applied
	Engine    string  `json:"engine"`
	Why       string  `json:"why,omitempty"` // why this engine read it, where it is not the first one
	Glyphs    []Glyph `json:"glyphs,omitempty"`
	Rules     []Rule  `json:"rules,omitempty"`
	ImageArea float64 `json:"image_area,omitempty"` // share of the page, 0 to 1
}

// Glyph is one shown character (or a word, from OCR). X, Y is its origin on the baseline.
type Glyph struct {
	Text       string  `json:"t"` // Unicode as the font says; U+FFFD where it does not say
	X          float64 `json:"x"`
	Y          float64 `json:"y"`
	Width      float64 `json:"w"`           // advance, points, along the baseline
	Size       float64 `json:"s"`           // font size as shown, points
	Angle      float64 `json:"a,omitempty"` // degrees clockwise of the baseline; 0 is upright
	Font       string  `json:"f,omitempty"` // base font name without the subset prefix: ".VnTime"
	Bold       bool    `json:"b,omitempty"`
	Italic     bool    `json:"i,omitempty"`
	Invisible  bool    `json:"v,omitempty"` // text render mode 3: a scan's own OCR layer
	Placed     bool    `json:"p,omitempty"` // put in its place by itself; not set where it only follows the glyph before
	Confidence float64 `json:"c,omitempty"` // OCR confidence 0 to 1; 0 where no OCR was used
}

// Rule is a straight horizontal or vertical stroke, or the edge of a thin filled rectangle.
type Rule struct {
	X0, Y0, X1, Y1 float64
}
