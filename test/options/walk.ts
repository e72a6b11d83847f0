/** Gives each program each option that its real usage text names, and looks at what it says. */
import { readFileSync } from 'node:fs'
import type { Command, CommandContext } from '../../src/commands/context.ts'
import { commands } from '../../src/commands/registry.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import type { World } from '../../src/sim/world/world.ts'
import { openBench } from '../commands/tool-bench.ts'
import { optionsOf } from './option-list.ts'
import { PROGRAMS, type WalkedProgram } from './programs.ts'

export interface Walked {
  readonly program: string
  readonly option: string
  readonly answer: 'modelled' | 'not modelled' | 'unknown'
  readonly text: string
}

const UNKNOWN =
  /unrecognized option|invalid option|unknown option|option \S+ is unknown|: is unknown|bad option|illegal option|unknown flag|Option "?-\S+"? is unknown|bad command line argument|unknown long option|unsupported option|unknown argument/i

class Stopped extends Error {}

async function answerOf(
  world: World,
  name: string,
  command: Command,
  words: readonly string[],
): Promise<Walked['answer'] | string> {
  const bench = openBench('host1', world)
  const stopping: Command = (context) => command(shortened(context))
  const text = await bench.run(stopping, [name, ...words].join(' ')).catch((error) => {
    if (error instanceof Stopped) return ''
    return `threw ${String(error)}`
  })
  if (text.includes('is not modelled here')) return 'not modelled'
  return UNKNOWN.test(text) ? `unknown: ${text.slice(0, 200)}` : 'modelled'
}

/** Programs that wait or go on as others are stopped there: their words were understood. */
function shortened(context: CommandContext): CommandContext {
  const stop = (): never => {
    throw new Stopped()
  }
  return Object.assign(Object.create(null), context, {
    rows: 24,
    until: stop,
    untilTime: stop,
    sleep: stop,
    exec: stop,
    replace: stop,
    spawn: stop,
    attach: stop,
    readChunk: stop,
    flush: async () => {},
    findProgram: () => null,
  }) as CommandContext
}

export function usageOf(name: string): string {
  return readFileSync(new URL(`usage/${name}.txt`, import.meta.url), 'utf8')
}

export async function walkProgram(program: WalkedProgram): Promise<Walked[]> {
  const load = commands.get(program.command)
  if (load === undefined)
    return [{ program: program.name, option: '', answer: 'unknown', text: 'no such program' }]
  const command = await load()
  const rows: Walked[] = []
  const world = createWorld('linux', { engine: '20.10', seed: 1 }, { word: () => '' })
  for (const { option, hasValue } of optionsOf(usageOf(program.name))) {
    const words = [...(program.before ?? []), option, ...(hasValue ? ['1'] : []), ...program.operands]
    const answer = await answerOf(world, program.name, command, words)
    const isUnknown = answer !== 'modelled' && answer !== 'not modelled'
    rows.push({
      program: program.name,
      option,
      answer: isUnknown ? 'unknown' : answer,
      text: isUnknown ? answer : '',
    })
  }
  return rows
}

export async function walkAll(): Promise<Walked[]> {
  const rows: Walked[] = []
  for (const program of PROGRAMS) rows.push(...(await walkProgram(program)))
  return rows
}
