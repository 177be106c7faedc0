package main

import "context"

var extractCommand = command{
	name: "extract", args: "FILE...", summary: "read files offline and print their facts, text or tables",
	declare: func(f *flags) func(context.Context, console, []string) error {
		return func(ctx context.Context, c console, args []string) error { return nil }
	},
}
