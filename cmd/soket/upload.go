package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/schollz/progressbar/v3"

	"soket/extract"
)

const (
	uploadTries = 10                     // how often a refused-for-now upload is sent again; with Retry-After that rides out a restart
	uploadPoll  = 300 * time.Millisecond // between two looks at a report being read
	uploadWait  = 10 * time.Minute       // for one report to be read; the queue of a busy server may be long
)

var uploadCommand = command{
	name: "upload", args: "FILE…|DIR", summary: "send reports to a server and wait until each is visible or failed",
	declare: func(f *flags) func(context.Context, console, []string) error {
		server := f.String("server", "http://127.0.0.1:8080", "address of the server")
		token := f.String("token", "", "API token, where the server asks for one")
		quiet := f.Bool("quiet", false, "no progress bars")
		return func(ctx context.Context, c console, args []string) error {
			files, err := reportFiles(args)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				fmt.Fprintln(c.stderr, "soket upload: no files named")
				return usage
			}
			return newUploader(*server, *token, *quiet, c).all(ctx, files)
		}
	},
}

// reportFiles lists the files named, and those in the folders named, by name.
func reportFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != arg && (strings.HasPrefix(d.Name(), ".") || d.Name() == "source"):
				return fs.SkipDir // what a report is made from is not a report
			case !d.IsDir() && reportName(d.Name()):
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// reportName tells whether a file found in a folder is taken for a report by its name. A file
// named by the person is always sent.
func reportName(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf", ".xlsx", ".xlsm", ".xls", ".ods", ".doc", ".docx", ".csv", ".html", ".htm", ".jpg", ".jpeg", ".png", ".tif", ".tiff":
		return !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "~$")
	}
	return false
}

// uploader sends files to one server.
type uploader struct {
	server, token string
	quiet         bool
	c             console
	client        *http.Client
}

func newUploader(server, token string, quiet bool, c console) uploader {
	return uploader{server: strings.TrimSuffix(server, "/"), token: token, quiet: quiet, c: c, client: http.DefaultClient}
}

// all sends the files one after another, then waits for each to be read: the server reads while
// the next is sent.
func (u uploader) all(ctx context.Context, files []string) error {
	ids, bad := make([]string, len(files)), 0
	for i, file := range files {
		id, note, err := u.send(ctx, file)
		switch {
		case err != nil:
			bad++
			fmt.Fprintf(u.c.stdout, "✗ %s: %v\n", file, err)
		case note != "":
			fmt.Fprintf(u.c.stdout, "= %s: %s\n", file, note)
		default:
			ids[i] = id
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	bar := u.bar(int64(len(files)), "reading", false)
	for i, id := range ids {
		if id != "" {
			f, err := u.settled(ctx, id)
			bar.Clear()
			switch {
			case err != nil:
				bad++
				fmt.Fprintf(u.c.stdout, "✗ %s: %v\n", files[i], err)
			case f.State == extract.Failed:
				bad++
				v := extract.Verdicts[f.Reason]
				fmt.Fprintf(u.c.stdout, "✗ %s: %s %s\n", files[i], v.VI, v.VIDo)
			case f.State == extract.Waiting:
				fmt.Fprintf(u.c.stdout, "? %s: %s/bao-cao/%s — chờ xác nhận đơn vị hoặc kỳ báo cáo\n", files[i], u.server, id)
			default:
				fmt.Fprintf(u.c.stdout, "✓ %s: %s/bao-cao/%s\n", files[i], u.server, id)
			}
		}
		bar.Add(1)
	}
	bar.Clear()
	if bad > 0 {
		fmt.Fprintf(u.c.stderr, "soket upload: %d of %d files did not become visible\n", bad, len(files))
		return exitStatus(1)
	}
	return nil
}

func (u uploader) bar(total int64, what string, bytes bool) *progressbar.ProgressBar {
	w := u.c.stderr
	if u.quiet {
		w = io.Discard
	}
	return progressbar.NewOptions64(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(bytes), progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetWidth(24), progressbar.OptionClearOnFinish())
}

// send uploads one file, again where the server says that later may help. note says that the
// server holds the same bytes already.
func (u uploader) send(ctx context.Context, path string) (id, note string, err error) {
	key := uuid.NewString() // a retry of this call is the same upload; another call is not
	for try := 1; ; try++ {
		res, err := u.post(ctx, path, key)
		var wait time.Duration
		if err == nil {
			var answer struct {
				ID       string          `json:"id"`
				Code     string          `json:"code"`
				Title    string          `json:"title"`
				Detail   string          `json:"detail"`
				Remedy   string          `json:"remedy"`
				Existing *extract.Filing `json:"existing"`
			}
			json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer)
			res.Body.Close()
			switch {
			case res.StatusCode == http.StatusAccepted || res.StatusCode == http.StatusOK:
				return answer.ID, "", nil
			case answer.Code == "duplicate":
				note := "đã nộp từ trước"
				if answer.Existing != nil {
					note += ": " + u.server + "/bao-cao/" + answer.Existing.ID
				}
				return "", note, nil
			case res.StatusCode != http.StatusTooManyRequests && res.StatusCode < 500 || res.StatusCode == http.StatusInsufficientStorage && try > 2:
				return "", "", fmt.Errorf("%d %s %s %s", res.StatusCode, answer.Title, answer.Detail, answer.Remedy)
			}
			err = fmt.Errorf("%d %s", res.StatusCode, answer.Title)
			if s, e := strconv.Atoi(res.Header.Get("Retry-After")); e == nil {
				wait = min(time.Duration(s)*time.Second, time.Minute)
			}
		}
		if try == uploadTries || ctx.Err() != nil {
			return "", "", err
		}
		select {
		case <-time.After(max(wait, time.Duration(try)*200*time.Millisecond)):
		case <-ctx.Done():
			return "", "", ctx.Err()
		}
	}
}

// post streams the file as multipart, never holding it in memory.
func (u uploader) post(ctx context.Context, path, key string) (*http.Response, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	bar := u.bar(info.Size(), filepath.Base(path), true)
	defer bar.Close()
	body, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("file", filepath.Base(path))
		if err == nil {
			_, err = io.Copy(part, io.TeeReader(f, bar))
		}
		if err == nil {
			err = form.Close()
		}
		w.CloseWithError(err)
	}()
	defer body.Close() // ends the writer when the server answers before it has read everything
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.server+"/api/v1/reports", body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Idempotency-Key", key)
	u.authorise(req)
	return u.client.Do(req)
}

func (u uploader) authorise(req *http.Request) {
	req.Header.Set("Accept-Language", "vi")
	if u.token != "" {
		req.Header.Set("Authorization", "Bearer "+u.token)
	}
}

// settled waits until a report is visible, waiting for a person, or failed.
func (u uploader) settled(ctx context.Context, id string) (extract.Filing, error) {
	ctx, cancel := context.WithTimeout(ctx, uploadWait)
	defer cancel()
	for {
		f, err := u.filing(ctx, id)
		if err == nil {
			switch f.State {
			case extract.Visible, extract.Waiting, extract.Failed, extract.Withdrawn, extract.Replaced:
				return f, nil
			}
		}
		select {
		case <-time.After(uploadPoll):
		case <-ctx.Done():
			return f, errors.Join(fmt.Errorf("not read yet; look at %s/bao-cao/%s", u.server, id), err)
		}
	}
}

func (u uploader) filing(ctx context.Context, id string) (f extract.Filing, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.server+"/api/v1/reports/"+url.PathEscape(id), nil)
	if err != nil {
		return f, err
	}
	u.authorise(req)
	res, err := u.client.Do(req)
	if err != nil {
		return f, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return f, fmt.Errorf("report %s: %s", id, res.Status)
	}
	return f, json.NewDecoder(res.Body).Decode(&f)
}
