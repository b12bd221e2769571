// Fills a form with the engine of Firefox: fill.mjs FORM VALUES.json FILLED
// Values: {"value", "words"} of text and choices, true of ticked boxes.
import { readFileSync, writeFileSync } from 'node:fs'

globalThis.DOMMatrix ??= class {} // asked for when it is loaded, used only to draw on a screen
const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs')

const [form, values, filled] = process.argv.slice(2)
const document = await getDocument({
  data: new Uint8Array(readFileSync(form)),
  standardFontDataUrl: new URL('node_modules/pdfjs-dist/standard_fonts/', import.meta.url).pathname,
  verbosity: 0,
}).promise
const fields = await document.getFieldObjects()
for (const [name, value] of Object.entries(JSON.parse(readFileSync(values, 'utf8')))) {
  for (const field of fields[name]) {
    document.annotationStorage.setValue(field.id, { value: value.value ?? true })
  }
}
writeFileSync(filled, await document.saveDocument())
await document.destroy()
