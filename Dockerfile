# One image for web, worker and migrate; the command decides which.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w -buildid=' -o /out/ ./cmd/...

FROM debian:12-slim
# Programs run beside ours, never linked: LibreOffice for xls, ods and doc; tesseract for scans;
# Chromium for printing.
RUN apt-get update && apt-get install -y --no-install-recommends \
        ca-certificates chromium fonts-liberation libreoffice-calc-nogui libreoffice-writer-nogui \
        tesseract-ocr tesseract-ocr-vie \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home soket
COPY --from=build /out/ /usr/local/bin/
USER 10001
WORKDIR /data
ENTRYPOINT ["soket"]
CMD ["help"]
