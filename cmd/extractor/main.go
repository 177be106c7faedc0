// Command extractor reads one strangers' document and dies. Package sandbox starts it with the
// document as descriptor 3, takes progress lines and the report from its standard output, and
// kills it when it takes too long or too much.
package main

import (
	"os"

	"soket/extract/sandbox"
)

func main() { os.Exit(sandbox.Child(os.Args[1:])) }
