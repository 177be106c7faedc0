package main

import (
	"context"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
)

// TestCompose loads docker-compose.yml with the library that Docker Compose itself uses, schema
// included, and holds what we promise of it. No Docker engine is needed.
func TestCompose(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{"../../docker-compose.yml"}, cli.WithEnv([]string{
		"NATS_OPERATOR_PASSWORD=a", "NATS_WEB_PASSWORD=f", "NATS_WORKER_PASSWORD=g", "CLICKHOUSE_MIGRATOR_PASSWORD=b", "CLICKHOUSE_LOADER_PASSWORD=c",
		"CLICKHOUSE_DASHBOARD_PASSWORD=d", "CLICKHOUSE_ANALYST_PASSWORD=e"}))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"nats", "clickhouse", "migrate", "web", "worker"} {
		s, err := project.GetService(name)
		if err != nil {
			t.Fatal(err)
		}
		if !s.ReadOnly || len(s.CapDrop) != 1 || s.CapDrop[0] != "ALL" || s.MemLimit == 0 {
			t.Errorf("%s is not hardened: read-only %v, capabilities dropped %v, memory limit %d", name, s.ReadOnly, s.CapDrop, s.MemLimit)
		}
		if s.Build == nil && (!strings.Contains(s.Image, ":") || strings.HasSuffix(s.Image, ":latest")) {
			t.Errorf("%s: image %q is not pinned by tag", name, s.Image)
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %s is open to the network", name, port.Published)
			}
		}
		if s.Build == nil {
			continue
		}
		known := false
		for _, c := range commands() {
			known = known || c.name == s.Command[0]
		}
		if !known {
			t.Errorf("%s: soket has no command %q", name, s.Command[0])
		}
	}
}
