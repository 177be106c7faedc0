package vietnamese

import "testing"

// Whatever a page says of a period is understood when somebody types it.
func TestReadPeriod(t *testing.T) {
	for _, p := range []Period{"2024", "2024-H1", "2024-H2", "2024-Q3", "2024-9M", "2024-M05", "2016/2020"} {
		for _, said := range []string{string(p), p.Vietnamese(), "  " + p.English() + " "} {
			if got, err := ReadPeriod(said); got != p || err != nil {
				t.Errorf("%q: %q, %v; want %q", said, got, err, p)
			}
		}
	}
	for said, want := range map[string]Period{"6 THÁNG  đầu năm 2023": "2023-H1", "Quý I/2024": "2024-Q1", "giai đoạn 2016-2020": "2016/2020", "2024-h1": "2024-H1"} {
		if got, err := ReadPeriod(said); got != want || err != nil {
			t.Errorf("%q: %q, %v; want %q", said, got, err, want)
		}
	}
	for _, said := range []string{"", "6 tháng", "6 tháng giữa năm 2023", "13 tháng đầu năm 2023", "1024-H1", "2020/2016"} {
		if got, err := ReadPeriod(said); err == nil {
			t.Errorf("%q is read as %q", said, got)
		}
	}
}
