package access

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost of one password check, as RFC 9106 recommends where memory is scarce (second choice): 64 MiB,
// three passes.
const (
	argonMemory  = 64 << 10 // KiB
	argonPasses  = 3
	argonThreads = 4
	argonKey     = 32 // bytes
	argonSalt    = 16 // bytes
	// argonAtOnce passwords are worked on at a time: 256 MiB. Others wait, so that many who sign in at
	// once slow each other down instead of filling the memory.
	argonAtOnce = 4

	passwordLeast = 12  // characters; NIST SP 800-63B asks for 8, and for 15 where nothing else protects
	passwordMost  = 256 // characters; longer only burns our processor
)

//go:embed blocked.txt
var blockedList string

// blocked holds passwords that guessers try first, folded to lower case.
var blocked = func() map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(blockedList) {
		m[word] = true
	}
	return m
}()

// checkPassword refuses what is too short, too long, on the block list, or the account's own name.
func checkPassword(password, name string) error {
	n := utf8.RuneCountInString(password)
	folded := strings.ToLower(password)
	switch {
	case n < passwordLeast:
		return fmt.Errorf("%w: shorter than %d characters", ErrPassword, passwordLeast)
	case n > passwordMost:
		return fmt.Errorf("%w: longer than %d characters", ErrPassword, passwordMost)
	case blocked[folded] || name != "" && strings.Contains(folded, name):
		return fmt.Errorf("%w: easily guessed", ErrPassword)
	case strings.Count(folded, folded[:1]) == len(folded):
		return fmt.Errorf("%w: one character repeated", ErrPassword)
	}
	for word := range blocked {
		// "matkhau123456!" is a listed word with trimmings.
		if len(word) >= 6 && strings.HasPrefix(folded, word) && n-len(word) < 4 {
			return fmt.Errorf("%w: easily guessed", ErrPassword)
		}
	}
	return nil
}

var working = make(chan struct{}, argonAtOnce)

// stretch is argon2id, a few at a time.
func stretch(password string, salt []byte, passes, memory uint32, threads uint8, size uint32) []byte {
	working <- struct{}{}
	defer func() { <-working }()
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, passes, memory, threads, size)
}

// hashPassword gives the PHC string of a password. NFC, so that any keyboard's accents agree.
func hashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key := stretch(password, salt, argonPasses, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// verifyPassword compares in constant time, with the cost that the hash was made with.
func verifyPassword(password, hash string) bool {
	var version int
	var memory, passes uint32
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil || memory > 1<<20 || passes > 20 || passes == 0 || threads == 0 {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) == 0 {
		return false
	}
	got := stretch(password, salt, passes, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// nobody is verified against when there is no such account, so that the answer takes as long.
var nobody = hashPassword("nobody has this password")
