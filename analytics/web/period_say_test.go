package web

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"soket/analytics"
	"soket/extract/vietnamese"
)

var update = flag.Bool("update", false, "write the golden files anew")

// figure is an indicator over some bodies: values of the period, the same one last year and the one
// before; what counts against a plan, and the plan.
func figure(code, unit string, now, same, previous float64, bodies uint64) analytics.PeriodFigure {
	f := analytics.PeriodFigure{Code: code, Area: "task", Unit: unit, Report: "r1", SameReport: "r2", SameNow: now, SameThen: same, SameBodies: bodies,
		PreviousNow: now, PreviousThen: previous, PreviousBodies: bodies, Low: now, High: now}
	f.Values = []float64{now, same, previous, now, 0, 0, 0, 0, same, now}
	f.Counts = []uint64{bodies, bodies, bodies, bodies, 0, 0, 0, 0, bodies, bodies}
	f.Kept, f.KeptCounts = f.Values, f.Counts
	return f
}

func planned(f analytics.PeriodFigure, plan float64, both uint64) analytics.PeriodFigure {
	f.Plan, f.PlanDue, f.PlanDone, f.PlanBoth, f.PlanBodies, f.PlanPeriod, f.PlanReport, f.PlannedIn = plan, plan, f.Values[0], both, both, "2024", "r3", "2023"
	return f
}

// TestSentences says every rule in both languages, over one body and over several.
func TestSentences(t *testing.T) {
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{words: all}
	risen := figure("Nhiệm vụ được nghiệm thu", "nhiệm vụ", 24, 20, 22, 3)
	risen.Movers = []analytics.Mover{{Body: "Sở A", Now: 12, Then: 9, Report: "r1", Fact: 7}}
	fallen := figure("Văn bằng bảo hộ được cấp", "văn bằng", 150, 200, 0, 2)
	fallen.Movers = []analytics.Mover{{Body: "Sở B", Now: 50, Then: 90}}
	common := figure("GCN được cấp", "giấy", 60, 20, 0, 3)
	common.SameNow, common.SameThen, common.SameBodies = 25, 20, 2
	record := figure("Kinh phí", "đồng", 4e9, 3e9, 1e9, 1)
	record.Values = []float64{4e9, 3e9, 1e9, 4e9, 0, 0, 1e9, 2e9, 3e9, 4e9}
	record.Counts = []uint64{1, 1, 1, 1, 0, 0, 1, 1, 1, 1}
	record.Kept, record.KeptCounts = record.Values, record.Counts
	silentNow := figure("Đoàn ra", "đoàn", 0, 5, 0, 1)
	silentNow.Counts[0], silentNow.SameBodies = 0, 0
	differing := figure("Mẫu được thử nghiệm", "mẫu", 100, 99, 0, 1)
	differing.Differing = 1
	shares := figure("Tỷ lệ nhiều đơn vị", "%", 170, 160, 0, 2)
	shares.Low, shares.High = 80, 90
	figures := []analytics.PeriodFigure{risen, fallen, common, record, figure("Doanh nghiệp", "doanh nghiệp", 30, 10, 0, 1), figure("Tỷ lệ giải ngân", "%", 41.5, 38, 0, 1),
		figure("Tỷ lệ đúng hạn", "%", 90, 95.5, 0, 1), figure("Vụ vi phạm", "vụ", 0, 4, 3, 1), figure("Gần như cũ", "đơn", 101, 100, 0, 1), figure("Từ không", "đơn", 3, 0, 0, 1),
		planned(figure("Cuộc thanh tra", "cuộc", 30, 30, 0, 3), 50, 2), planned(figure("Lớp tập huấn", "lớp", 4, 4, 0, 1), 20, 1), planned(figure("Đang chạy", "lớp", 9, 9, 0, 1), 19, 1), planned(figure("Đã xong", "lớp", 21, 20, 0, 1), 20, 1),
		silentNow, differing, shares}
	var out strings.Builder
	for _, lang := range []string{"vi", "en"} {
		for _, period := range []vietnamese.Period{"2024-H1", "2024-H2"} {
			b := &brief{Same: period.LastYear(), Previous: analytics.Previous(period), Made: time.Now(), speech: s.speech(lang)}
			b.Period = period
			var lines []line
			for _, f := range figures {
				l := b.line(f, f.Code)
				lines = append(lines, l)
				if x, ok := b.target(l, "flow"); ok {
					b.Targets = append(b.Targets, x)
				}
			}
			b.Areas = []area{{"task", lines}}
			b.say()
			if err := *b.speech.missing; err != nil {
				t.Fatal(err)
			}
			out.WriteString("# " + lang + " " + string(period) + "\n")
			for _, x := range append(b.Says, b.Gaps...) {
				out.WriteString(x.Rule + ": " + x.Text() + "\n")
			}
			if period == "2024-H1" && lang == "vi" {
				for _, l := range lines {
					out.WriteString("| " + strings.Join([]string{l.Name, l.Now.Kind, l.Now.Text, l.Change.Kind, l.Change.Text, l.Change.Over, l.Share.Kind, l.Share.Text, l.Share.Over}, " | ") + "\n")
				}
			}
		}
	}
	const golden = "testdata/sentences.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the sentences are not those of %s:\n%s", golden, out.String())
	}
}
