/** What a command printed, as a transcript shows it: control sequences taken out, each line with its prefix. */

// CSI sequences and the two short ones that terminals get, as in the recorder.
const CONTROL = /\u001b\[[0-9;?]*[A-Za-z]|\u001b[=>]/g

/** Lines with `prefix`, and `[no newline]` where the last one had no end. */
export function shownOutput(data: string, prefix = '| '): string[] {
  const text = data.replace(CONTROL, '').replaceAll('\r', '')
  if (text === '') return []
  const ended = text.endsWith('\n')
  const lines = (ended ? text.slice(0, -1) : text).split('\n').map((line) => prefix + line)
  return ended ? lines : [...lines, '[no newline]']
}

export function shownStatus(status: number | null): string[] {
  return status === null || status === 0 ? [] : [`[exit ${status}]`]
}
