// Replaces what differs between two runs of the same scenario by placeholders.
// Identity is kept: the same container id, veth, MAC … gets the same placeholder everywhere, numbered
// in order of first occurrence; placeholders have the length of what they replace, so that tables stay aligned.
//
//   N001xxxxxxxx…   hex or swarm ids; a short id is a prefix of the long one
//   vethx000001     veth names            ma:c0:00:00:00:01  random MAC addresses
//   fe80::mac:0001  the link-local address made from that MAC
//   ino0000001      namespaces            name_0001  container names made up by docker
//   P0001           ephemeral ports       #  times, counters, process ids, sequence numbers

import { identifierReplacer } from './normalise/identifiers.ts'
import { nameReplacer } from './normalise/names.ts'
import { createNumbering } from './normalise/numbering.ts'
import { replaceNumbers } from './normalise/numbers.ts'
import { completeLines, words } from './unicode.ts'

/** The transcript with placeholders, each line ended. */
export function normalise(transcript: string): string {
  const lines = completeLines(transcript)
  const text = `${lines.join('\n')}\n`
  const numbering = createNumbering()
  const replaceNames = nameReplacer(text, numbering)
  const replaceIdentifiers = identifierReplacer(text, numbering)
  const identify = (line: string) => replaceIdentifiers(replaceNames(line))
  // The first pass numbers everything in order of occurrence: a later line may name what an earlier one shortens.
  for (const line of lines) identify(line)
  const commands = commandOfEachLine(lines)
  return lines.map((line, i) => `${replaceNumbers(identify(line), commands[i] ?? '')}\n`).join('')
}

/** For each line the command whose output it is; `!end` and `!wait` print that of the `!bg` they name. */
function commandOfEachLine(lines: readonly string[]): string[] {
  const background = new Map<string, string>()
  let command = ''
  return lines.map((line) => {
    if (line.startsWith('| ') || line.startsWith('2|')) return command
    command = line
    const name = words(line)[1] ?? ''
    if (line.startsWith('!bg ')) background.set(name, line)
    else if (/^!(?:end|wait) /.test(line)) command = background.get(name) ?? line
    return command
  })
}
