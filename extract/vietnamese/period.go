// Package vietnamese reads what Vietnamese reports write: numbers, units, periods, letters with and
// without their marks, and the encodings that came before Unicode.
package vietnamese

// Period is a reporting period in its canonical form: "2020", "2020-H1", "2020-H2", "2020-Q1" to
// "2020-Q4", "2020-9M" (the first nine months), "2020-M05" (one month), "2016/2020" (a span of
// years). The empty Period is an unknown one.
type Period string
