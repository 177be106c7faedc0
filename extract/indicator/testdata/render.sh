#!/bin/sh
# render.sh OUTDIR [NAME...]: makes of each NAME.html here (all, when none is named)
#   NAME.pdf            by LibreOffice
#   NAME.chromium.pdf   by Chromium
#   NAME.docx           by LibreOffice
#   NAME.tcvn3.pdf      text in a TCVN3 font (.VnTime), as text layers from the 2000s are
#   NAME.scan.pdf       images only: 200 dpi, skewed, noisy, JPEG
# and copies NAME.gold.jsonl and the workbooks beside them, so that OUTDIR can be scored.
# Needs soffice, chromium, pdftoppm, convert (ImageMagick), go and the Liberation Serif font.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?render.sh OUTDIR [NAME...]}
shift
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- $(cd "$here" && ls ./*.html | sed 's|^\./||; s|\.html$||')

# The old font: Liberation Serif under another name, known to this run only.
go build -o "$work/render" "$here/render.go"
mkdir "$work/fonts"
liberation=$(dirname "$(fc-match -f '%{file}' 'Liberation Serif')")
for s in Regular Bold Italic BoldItalic; do
	"$work/render" font "$liberation/LiberationSerif-$s.ttf" "$work/fonts/VnTime-$s.ttf"
done
cat >"$work/fonts.conf" <<CONF
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include><dir>$work/fonts</dir><cachedir>$work/cache</cachedir></fontconfig>
CONF

office() { soffice "-env:UserInstallation=file://$work/profile" --headless --infilter="HTML (StarWriter)" "$@" >/dev/null 2>&1; }

mkdir "$work/old" "$work/html"
for n in "$@"; do
	cp "$here/$n.html" "$work/html/"
	"$work/render" html "$here/$n.html" "$work/old/$n.tcvn3.html"
	cp "$here/$n.gold.jsonl" "$out/"
done
cp "$here"/w*.xlsx "$here"/w*.gold.jsonl "$out/" 2>/dev/null || true
office --convert-to pdf:writer_pdf_Export --outdir "$out" "$work"/html/*.html
office --convert-to "docx:MS Word 2007 XML" --outdir "$out" "$work"/html/*.html
FONTCONFIG_FILE="$work/fonts.conf" office --convert-to pdf:writer_pdf_Export --outdir "$out" "$work"/old/*.html
for n in "$@"; do
	chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/chromium" --no-pdf-header-footer \
		--print-to-pdf="$out/$n.chromium.pdf" "file://$here/$n.html" >/dev/null 2>&1
	mkdir "$work/pages"
	pdftoppm -r 200 -png "$out/$n.pdf" "$work/pages/p"
	skew=-4
	for p in "$work"/pages/*.png; do
		# Each page lies a little differently in the scanner: from -0.4 to 0.8 degrees.
		convert "$p" -background white -rotate "$(echo "$skew" | awk '{print $1/10}')" \
			-attenuate 0.25 +noise Gaussian -blur 0x0.4 -colorspace Gray -quality 55 "${p%.png}.jpg"
		skew=$((skew + 4))
		[ "$skew" -le 8 ] || skew=-4
	done
	"$work/render" scan "$out/$n.scan.pdf" "$work"/pages/*.jpg
	rm -rf "$work/pages"
done
ls "$out" | wc -l
