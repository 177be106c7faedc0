#!/bin/sh
# Remakes the sample reports from samples/source with LibreOffice: source/pdf/NAME.html becomes
# NAME.pdf, source/xlsx/NAME.html (one table, numbers in sdval) becomes NAME.xlsx, and so do those that
# source/invent.go makes up.
# Needs soffice and the Noto Serif font. Run from anywhere: samples/make.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
office() { soffice "-env:UserInstallation=file://$profile" --headless "$@" >/dev/null; }
office --writer --convert-to pdf:writer_pdf_Export --outdir "$here" "$here"/source/pdf/*.html
mkdir "$profile/invented"
go run "$here/source/invent.go" "$profile/invented"
office --infilter="HTML (StarCalc)" --convert-to "xlsx:Calc MS Excel 2007 XML" --outdir "$here" "$here"/source/xlsx/*.html "$profile"/invented/*.html
ls -l "$here"/*.pdf "$here"/*.xlsx
