/** Words of `tutor` that explain the world, the same in a lesson and in the sandbox. */
import type { CommandContext } from '../../commands/context.ts'
import type { Session } from '../../session/session.ts'
import { captureOf } from './capture.ts'
import { type LookUp, lookUp } from './look-up.ts'
import { fateText, walkOf, walkText } from './walk.ts'
import { explainWhy, parseQuestion } from './why.ts'
import { mapOf } from './world-map.ts'
import { describeMap, drawMap } from './world-map-text.ts'

/** What the words need from outside of the world. */
export interface Surroundings {
  readonly lookUp: LookUp
  /** Writes a file where the learner started the program; its path, or throws a sentence. */
  readonly saveFile: (name: string, bytes: Uint8Array) => string
  /** Pictures as sentences. */
  readonly told: boolean
}

const HELP = [
  'why SRC DEST[:PORT]   does a packet get there? and why (not): a probe on a copy of the world',
  'walk [N]   the packets of the last command, the Nth of them step by step',
  'map     machines, networks, containers and their cables',
  'pcap FILE [PLACE [DEVICE]]   what a machine has seen, as a real file in the folder you came from',
  'glossary [WORD]   what a word means',
]

type Words = readonly string[]

export function addExplainWords(session: Session, surroundings: Surroundings): void {
  session.tutorHelp.push(...HELP)
  session.tutorWords.set('why', (words, context) => why(session, surroundings, words, context))
  session.tutorWords.set('walk', (words, context) => walk(session, surroundings, words, context))
  session.tutorWords.set('map', (_words, context) => {
    const map = mapOf(session.world)
    context.out(`${surroundings.told ? describeMap(map) : drawMap(map, context.columns)}\n`)
    return 0
  })
  session.tutorWords.set('pcap', (words, context) => pcap(session, surroundings, words, context))
  session.tutorWords.set('glossary', (words, context) => {
    const { found, text } = lookUp(surroundings.lookUp(), words.slice(1).join(' '))
    if (found) context.out(text)
    else context.err(text)
    return found ? 0 : 1
  })
}

function usage(context: CommandContext, text: string): number {
  context.err(`usage: tutor ${text}\n`)
  return 2
}

async function why(
  session: Session,
  { told }: Surroundings,
  [, from, to]: Words,
  context: CommandContext,
): Promise<number> {
  const question = from === undefined || to === undefined ? null : parseQuestion(from, to)
  if (question === null)
    return usage(context, 'why SRC DEST[:PORT[/udp]], as in: tutor why web example.com:80')
  const { passed, text } = await explainWhy(session.world, question)
  context.out(told ? text.replace(/^( +)[→?✓·≠■✗] /gm, '$1') : text)
  return passed ? 0 : 1
}

function walk(session: Session, { told }: Surroundings, [, number]: Words, context: CommandContext): number {
  const found = walkOf(session.world, session.journal)
  if (found === null) {
    context.out('No command has sent a packet yet. Try a ping, then: tutor walk\n')
    return 1
  }
  if (number === undefined) {
    context.out(walkText(found, undefined, told))
    return 0
  }
  const at = Number(number) - 1
  if (found.packets[at] === undefined) {
    const known = found.packets.map(({ title, story }, i) => `${i + 1}  ${title}: ${fateText(story)}\n`)
    context.err(`tutor: there is no packet ${number}; there are\n${known.join('')}`)
    return 1
  }
  context.out(walkText(found, at, told))
  return 0
}

function pcap(
  session: Session,
  { saveFile }: Surroundings,
  [, file, place, device]: Words,
  context: CommandContext,
): number {
  if (file === undefined)
    return usage(context, 'pcap FILE [PLACE [DEVICE]], as in: tutor pcap web.pcap web eth0')
  const capture = captureOf(session.world, place ?? context.kernel.host, device ?? null)
  if (typeof capture === 'string') {
    context.err(`tutor: ${capture}\n`)
    return 1
  }
  try {
    const path = saveFile(file, capture.bytes)
    context.out(
      `${capture.frames} frames written to ${path} (a file of your own machine, outside of this world)\n`,
    )
    return 0
  } catch (error) {
    context.err(`tutor: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
