package document

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" // #nosec G501 -- what PDF files are locked with
	"crypto/rc4" // #nosec G503 -- what PDF files are locked with
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
)

// pdfKey opens the streams and strings of a file encrypted with an empty user password: protection
// against copying, which readers are asked to respect and which keeps nobody from reading.
type pdfKey struct {
	key              []byte
	streams, strings string // "RC4", "AESV2", "AESV3" or "Identity"
	metadata         bool
}

var passwordPad = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

// unlock finds the file key for the empty password (ISO 32000-2, 7.6.4).
func (m *rewriter) unlock(enc pdfDict) (*pdfKey, error) {
	number := func(key pdfName) int {
		n, _ := m.resolve(enc[key]).(float64)
		return int(n)
	}
	text := func(key pdfName) []byte {
		s, _ := m.resolve(enc[key]).(pdfString)
		return []byte(s)
	}
	version, revision := number("V"), number("R")
	if f, ok := m.resolve(enc["Filter"]).(pdfName); ok && f != "Standard" {
		return nil, fmt.Errorf("%w: handler %q", ErrEncrypted, f)
	}
	k := &pdfKey{streams: "RC4", strings: "RC4", metadata: m.resolve(enc["EncryptMetadata"]) != false}
	length := number("Length") / 8
	if version >= 4 {
		filters, _ := m.resolve(enc["CF"]).(pdfDict)
		method := func(key pdfName) string {
			name, _ := m.resolve(enc[key]).(pdfName)
			cf, _ := m.resolve(filters[name]).(pdfDict)
			switch cfm, _ := m.resolve(cf["CFM"]).(pdfName); cfm {
			case "V2":
				return "RC4"
			case "AESV2", "AESV3":
				return string(cfm)
			}
			return "Identity"
		}
		k.streams, k.strings = method("StmF"), method("StrF")
		length = 16
	}
	if version == 1 || length < 5 || length > 16 {
		length = 5
	}
	o, u := text("O"), text("U")
	if revision >= 5 {
		if len(u) < 48 || len(text("UE")) < 32 {
			return nil, fmt.Errorf("%w: encryption dictionary", ErrCorrupt)
		}
		if !bytes.Equal(hash(revision, u[32:40]), u[:32]) {
			return nil, ErrEncrypted
		}
		block, err := aes.NewCipher(hash(revision, u[40:48]))
		if err != nil {
			return nil, err
		}
		k.key = make([]byte, 32)
		cipher.NewCBCDecrypter(block, make([]byte, 16)).CryptBlocks(k.key, text("UE")[:32])
		return k, nil
	}
	if len(o) < 32 || len(u) < 16 {
		return nil, fmt.Errorf("%w: encryption dictionary", ErrCorrupt)
	}
	var id []byte
	if ids, ok := m.resolve(m.trailer["ID"]).(pdfArray); ok && len(ids) > 0 {
		s, _ := m.resolve(ids[0]).(pdfString)
		id = []byte(s)
	}
	h := md5.New() // #nosec G401 -- as the format has it
	h.Write(passwordPad)
	h.Write(o[:32])
	permissions, _ := m.resolve(enc["P"]).(float64)
	binary.Write(h, binary.LittleEndian, uint32(int64(permissions)))
	h.Write(id)
	if revision >= 4 && !k.metadata {
		h.Write([]byte{255, 255, 255, 255})
	}
	key := h.Sum(nil)
	if revision >= 3 {
		for range 50 {
			sum := md5.Sum(key[:length]) // #nosec G401 -- as the format has it
			key = sum[:]
		}
	}
	k.key = key[:length]

	// The empty password is right if it gives the file's own check value.
	check := bytes.Clone(passwordPad)
	if revision >= 3 {
		sum := md5.Sum(append(bytes.Clone(passwordPad), id...)) // #nosec G401 -- as the format has it
		check = sum[:]
	}
	rounds := 1
	if revision >= 3 {
		rounds = 20
	}
	for i := range rounds {
		turned := bytes.Clone(k.key)
		for j := range turned {
			turned[j] ^= byte(i)
		}
		c, err := rc4.NewCipher(turned) // #nosec G405 -- as the format has it
		if err != nil {
			return nil, err
		}
		c.XORKeyStream(check, check)
	}
	if !bytes.Equal(check[:16], u[:16]) {
		return nil, ErrEncrypted
	}
	return k, nil
}

// hash is the password hash of revisions 5 and 6 for an empty password and a salt.
func hash(revision int, salt []byte) []byte {
	sum := sha256.Sum256(salt)
	k := sum[:]
	if revision < 6 {
		return k
	}
	for i := 0; ; i++ {
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return k[:32]
		}
		e := bytes.Repeat(k, 64)                                  // the password, empty, and k
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e) // #nosec G407 -- as the format has it
		mod := 0
		for _, b := range e[:16] {
			mod += int(b)
		}
		switch mod % 3 {
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		default:
			s := sha512.Sum512(e)
			k = s[:]
		}
		// ISO 32000-2 counts rounds from 1 here: in 1 of 20 files the last byte meets the limit itself.
		if i >= 63 && int(e[len(e)-1]) <= i-31 {
			return k[:32]
		}
	}
}

// open decrypts an object in place.
func (k *pdfKey) open(o *found) {
	if o.stream {
		d := o.value.(pdfDict)
		if d["Type"] != pdfName("Metadata") || k.metadata {
			o.data = k.decrypt(k.streams, o, o.data)
		}
	}
	o.value = k.openStrings(o, o.value)
}

func (k *pdfKey) openStrings(o *found, v any) any {
	switch v := v.(type) {
	case pdfString:
		return pdfString(k.decrypt(k.strings, o, []byte(v)))
	case pdfArray:
		for i := range v {
			v[i] = k.openStrings(o, v[i])
		}
	case pdfDict:
		for key := range v {
			v[key] = k.openStrings(o, v[key])
		}
	}
	return v
}

func (k *pdfKey) decrypt(method string, o *found, data []byte) []byte {
	key := k.key
	if method == "RC4" || method == "AESV2" {
		seed := append(bytes.Clone(key), byte(o.id), byte(o.id>>8), byte(o.id>>16), byte(o.gen), byte(o.gen>>8))
		if method == "AESV2" {
			seed = append(seed, "sAlT"...)
		}
		sum := md5.Sum(seed) // #nosec G401 -- as the format has it
		key = sum[:min(len(k.key)+5, 16)]
	}
	switch method {
	case "RC4":
		c, err := rc4.NewCipher(key) // #nosec G405 -- as the format has it
		if err != nil {
			return data
		}
		out := make([]byte, len(data))
		c.XORKeyStream(out, data)
		return out
	case "AESV2", "AESV3":
		if len(data) < 32 {
			return nil
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return data
		}
		iv, body := data[:16], data[16:]
		out := make([]byte, len(body)/16*16)
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, body[:len(out)])
		if pad := int(out[len(out)-1]); pad >= 1 && pad <= 16 {
			out = out[:len(out)-pad]
		}
		return out
	}
	return data
}
