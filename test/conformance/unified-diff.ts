// A unified diff of two lists of lines with one line of context, by the longest common subsequence.

interface Edit {
  sign: ' ' | '-' | '+'
  text: string
  /** How many lines of either side lie before it. */
  before: readonly [real: number, simulated: number]
}

const CONTEXT = 1

export function unifiedDiff(real: readonly string[], simulated: readonly string[]): string[] {
  const edits = editsBetween(real, simulated)
  const hunks = hunksOf(edits)
  return hunks.length === 0 ? [] : ['--- real', '+++ simulated', ...hunks.flatMap(formatHunk)]
}

function editsBetween(real: readonly string[], simulated: readonly string[]): Edit[] {
  const common = commonLengths(real, simulated)
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < real.length || j < simulated.length) {
    const before = [i, j] as const
    if (i < real.length && j < simulated.length && real[i] === simulated[j]) {
      edits.push({ sign: ' ', text: real[i] ?? '', before })
      i += 1
      j += 1
    } else if (
      j === simulated.length ||
      (i < real.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))
    ) {
      edits.push({ sign: '-', text: real[i] ?? '', before })
      i += 1
    } else {
      edits.push({ sign: '+', text: simulated[j] ?? '', before })
      j += 1
    }
  }
  return edits
}

/** `[i][j]`: the length of the longest common subsequence from line i and line j on. */
function commonLengths(real: readonly string[], simulated: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: real.length + 1 }, () => new Uint32Array(simulated.length + 1))
  for (let i = real.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? new Uint32Array()
    const below = table[i + 1] ?? new Uint32Array()
    for (let j = simulated.length - 1; j >= 0; j -= 1) {
      const same = real[i] === simulated[j]
      row[j] = same ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return table
}

/** The changes with their context; changes whose context touches share a hunk. */
function hunksOf(edits: readonly Edit[]): Edit[][] {
  const hunks: { start: number; end: number }[] = []
  for (const [i, { sign }] of edits.entries()) {
    if (sign === ' ') continue
    const start = Math.max(0, i - CONTEXT)
    const end = Math.min(edits.length, i + CONTEXT + 1)
    const last = hunks.at(-1)
    if (last !== undefined && start <= last.end) last.end = end
    else hunks.push({ start, end })
  }
  return hunks.map(({ start, end }) => edits.slice(start, end))
}

function formatHunk(hunk: readonly Edit[]): string[] {
  const [real, simulated] = hunk[0]?.before ?? [0, 0]
  const range = (start: number, absent: string) => {
    const length = hunk.filter(({ sign }) => sign !== absent).length
    return `${length === 0 ? start : start + 1}${length === 1 ? '' : `,${length}`}`
  }
  const header = `@@ -${range(real, '+')} +${range(simulated, '-')} @@`
  return [header, ...hunk.map(({ sign, text }) => sign + text)]
}
