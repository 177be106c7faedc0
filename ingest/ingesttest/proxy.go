// Package ingesttest harms the links that reports travel over, for tests.
package ingesttest

import (
	"io"
	"net"
	"sync"
	"time"
)

// Fault is what a Proxy does to its connections.
type Fault int

const (
	Pass    Fault = iota
	Cut           // closes every connection, and refuses new ones
	Stall         // holds all bytes back, in both directions
	Slow          // lets 4 KiB through every 20 ms
	Swallow       // lets requests through and throws answers away: applied, but never told
)

// Faults are all but Pass.
var Faults = []Fault{Cut, Stall, Slow, Swallow}

// Proxy passes TCP connections on to a server, and harms them as told.
type Proxy struct {
	l      net.Listener
	target string

	mu    sync.Mutex
	fault Fault
	moved chan struct{} // closed when fault changes
	conns map[net.Conn]bool
	gone  bool
}

// NewProxy listens on a free port of loopback.
func NewProxy(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{l: l, target: target, moved: make(chan struct{}), conns: map[net.Conn]bool{}}
	go p.accept()
	return p, nil
}

// Addr is where to connect.
func (p *Proxy) Addr() string { return p.l.Addr().String() }

// Set changes the fault. After Swallow every connection is cut: its answers do not fit any more.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f == Cut || p.fault == Swallow {
		p.cut()
	}
	p.fault = f
	close(p.moved)
	p.moved = make(chan struct{})
}

// Close ends the proxy and its connections.
func (p *Proxy) Close() {
	p.l.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
	p.cut()
	close(p.moved)
	p.moved = make(chan struct{})
}

func (p *Proxy) cut() {
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
}

func (p *Proxy) accept() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		s, err := net.Dial("tcp", p.target)
		if err != nil {
			c.Close()
			continue
		}
		p.mu.Lock()
		if p.fault == Cut || p.gone {
			p.mu.Unlock()
			c.Close()
			s.Close()
			continue
		}
		p.conns[c], p.conns[s] = true, true
		p.mu.Unlock()
		go p.pump(s, c, false)
		go p.pump(c, s, true)
	}
}

// pump passes bytes from src to dst; answer tells the direction.
func (p *Proxy) pump(dst, src net.Conn, answer bool) {
	defer dst.Close()
	defer src.Close()
	buf := make([]byte, 64<<10)
	for {
		p.mu.Lock()
		size := len(buf)
		if p.fault == Slow {
			size = 4 << 10
		}
		p.mu.Unlock()
		n, err := src.Read(buf[:size])
		if n > 0 && !p.pass(dst, buf[:n], answer) {
			return
		}
		if err != nil {
			return
		}
	}
}

func (p *Proxy) pass(dst io.Writer, data []byte, answer bool) bool {
	for {
		p.mu.Lock()
		fault, moved, gone := p.fault, p.moved, p.gone
		p.mu.Unlock()
		switch {
		case gone:
			return false
		case fault == Stall:
			<-moved
			continue
		case fault == Swallow && answer:
			return true
		case fault == Slow:
			time.Sleep(20 * time.Millisecond)
		}
		_, err := dst.Write(data)
		return err == nil
	}
}
