/** Columns as libsmartcols sets them: as wide as their widest cell, numbers to the right, nothing after the last. */

export interface TableColumn {
  readonly name: string
  readonly right?: boolean
}

export function tableText(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: { readonly hasHeader: boolean; readonly width: number; readonly isRaw?: boolean },
): string {
  const lines = options.hasHeader ? [columns.map((one) => one.name), ...rows] : rows
  const widths = columns.map((_one, i) => Math.max(0, ...lines.map((line) => (line[i] ?? '').length)))
  return lines.map((line) => `${lineOf(columns, widths, line, options).slice(0, options.width)}\n`).join('')
}

function lineOf(
  columns: readonly TableColumn[],
  widths: readonly number[],
  cells: readonly string[],
  options: { readonly isRaw?: boolean },
): string {
  if (options.isRaw) return cells.join(' ')
  return cells
    .map((cell, i) => {
      if (columns[i]!.right) return cell.padStart(widths[i]!)
      return i === columns.length - 1 ? cell : cell.padEnd(widths[i]!)
    })
    .join(' ')
}
