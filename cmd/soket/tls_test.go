package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func writePair(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	raw, err := x509.CreateCertificate(rand.Reader, made, made, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "PRIVATE KEY", Bytes: hidden}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		stamp := time.Unix(serial*100, 0)
		if err := os.Chtimes(name, stamp, stamp); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCertificateIsReloaded takes a renewed certificate, and stays with the old one while the files
// do not fit together.
func TestCertificateIsReloaded(t *testing.T) {
	dir := t.TempDir()
	k := &keyPair{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), log: slog.New(slog.DiscardHandler)}
	if _, err := k.get(nil); err == nil {
		t.Error("no files: no error")
	}
	serial := func() int64 {
		t.Helper()
		k.looked = time.Time{} // as if keyLook had passed
		pair, err := k.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	writePair(t, k.cert, k.key, 1)
	if n := serial(); n != 1 {
		t.Errorf("serial %d", n)
	}
	old, err := os.ReadFile(k.key)
	if err != nil {
		t.Fatal(err)
	}
	writePair(t, k.cert, k.key, 2)
	renewed, _ := os.ReadFile(k.key)
	if err := os.WriteFile(k.key, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 1 {
		t.Errorf("a certificate without its key: serial %d", n)
	}
	if err := os.WriteFile(k.key, renewed, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 2 {
		t.Errorf("after the renewal: serial %d", n)
	}
}

// TestSecretsComeFromFiles reads a flag from the file that its _FILE variable names.
func TestSecretsComeFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("bí mật 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"SOKET_OIDC_SECRET_FILE": file}
	f := newFlags(webCommand, func(k string) string { return env[k] }, io.Discard)
	w := declareWeb(f)
	if err := f.parse(nil); err != nil || *w.clientSecret != "bí mật 1" {
		t.Errorf("%q, %v", *w.clientSecret, err)
	}
	env["SOKET_OIDC_SECRET_FILE"] = file + ".none"
	f = newFlags(webCommand, func(k string) string { return env[k] }, io.Discard)
	declareWeb(f)
	if err := f.parse(nil); err == nil || !strings.Contains(err.Error(), "SOKET_OIDC_SECRET_FILE") {
		t.Errorf("a missing file: %v", err)
	}
}
