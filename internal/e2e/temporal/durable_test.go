package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	serverlog "go.temporal.io/server/common/log"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/temporal"
)

const loopback, namespace = "127.0.0.1", "durable"

// durable is a server that keeps what it knows in a file and its address for all its lives. Those of temporaltest keep nothing.
type durable struct {
	config *config.Config
	server temporal.Server
}

func newDurable(t *testing.T) *durable {
	t.Helper()
	// Stopping does not wait for all that writes to the file, so it is not in t.TempDir, which would fail then.
	dir, err := os.MkdirTemp("", "durable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	sql := &config.SQL{
		PluginName:        sqliteplugin.PluginName,
		DatabaseName:      filepath.Join(dir, "temporal.db"),
		ConnectAttributes: map[string]string{"mode": "rwc"},
	}
	ports := freePorts(t, 8)
	frontend := fmt.Sprintf("%s:%d", loopback, ports[0])
	service := func(i int) config.Service {
		return config.Service{RPC: config.RPC{GRPCPort: ports[i], MembershipPort: ports[4+i], BindOnIP: loopback}}
	}
	s := &durable{config: &config.Config{
		Global: config.Global{Membership: config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: loopback}},
		Persistence: config.Persistence{
			DefaultStore: "file", VisibilityStore: "file", NumHistoryShards: 1,
			DataStores: map[string]config.DataStore{"file": {SQL: sql}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: "active", CurrentClusterName: "active",
			ClusterInformation: map[string]cluster.ClusterInformation{"active": {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services: map[string]config.Service{
			string(primitives.FrontendService): service(0), string(primitives.HistoryService): service(1),
			string(primitives.MatchingService): service(2), string(primitives.WorkerService): service(3),
		},
		Archival: config.Archival{History: config.HistoryArchival{State: "disabled"}, Visibility: config.VisibilityArchival{State: "disabled"}},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History: config.HistoryArchivalNamespaceDefaults{State: "disabled"}, Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
		}},
		PublicClient: config.PublicClient{HostPort: frontend},
	}}
	if err := sqlite.SetupSchema(sql); err != nil {
		t.Fatal(err)
	}
	n, err := sqlite.NewNamespaceConfig("active", namespace, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlite.CreateNamespaces(sql, n); err != nil {
		t.Fatal(err)
	}
	s.start(t)
	t.Cleanup(func() { s.stop(t) })
	return s
}

func (s *durable) address() string { return s.config.PublicClient.HostPort }

func (s *durable) start(t *testing.T) {
	t.Helper()
	server, err := temporal.NewServer(temporal.WithConfig(s.config), temporal.ForServices(temporal.DefaultServices), temporal.WithLogger(serverlog.NewNoopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	s.server = server
}

func (s *durable) stop(t *testing.T) {
	t.Helper()
	if s.server == nil {
		return
	}
	if err := s.server.Stop(); err != nil {
		t.Logf("stopping the server: %v", err)
	}
	s.server = nil
}

// dial returns a client of what listens at an address.
func dial(t *testing.T, address, namespace string, o client.Options) client.Client {
	t.Helper()
	o.HostPort, o.Namespace, o.Logger = address, namespace, quiet{}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		c, err := client.Dial(o)
		if err == nil {
			t.Cleanup(c.Close)
			return c
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// freePorts returns ports on which nobody listened a moment ago.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", loopback+":0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

// quiet is a logger for clients whose server is away: they have much to tell.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}
