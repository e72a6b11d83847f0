/**
 * Lives of the built program that end by a kill at a random moment, all in one home. After each, what is left on the
 * disk is looked at: of the lines typed at most the last one may be missing, of what was noted nothing.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseProgress } from '../../src/course/progress-file.ts'
import { services } from '../../src/session/services.ts'
import { Session } from '../../src/session/session.ts'
import { createRandom, nextBetween, type RandomState } from '../../src/sim/base/random.ts'
import { splitSaved } from '../../src/tui/adapters/shell-session.ts'
import { readSaved } from '../../src/tui/progress/saved.ts'
import { KEYS, newHome, Program } from './program.ts'

const LESSON = 'networking-types'
/** One life in four ends while the program starts, the others while lines are typed. */
const LONGEST_START_MS = 600
const LONGEST_TYPING_MS = 300
const MOST_LINES = 3

export interface KillReport {
  readonly kills: number
  /** Lines that were kept over all lives. */
  readonly lines: number
  readonly problems: readonly string[]
}

export async function killAgainAndAgain(
  kills: number,
  seed: number,
  say: (text: string) => void = () => {},
): Promise<KillReport> {
  const random = createRandom(seed)
  const home = newHome()
  const problems: string[] = []
  let before: Left = { lines: [], hints: 0 }
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const life = await live(home.folder, random, `${kill}`)
      const after = lookAt(home.folder)
      const found = typeof after === 'string' ? [after] : compare(before, after, life)
      if (typeof after !== 'string') before = after
      for (const text of found) {
        problems.push(`kill ${kill}: ${text}`)
        say(`${problems.at(-1)}\n`)
      }
      if (kill % 50 === 0)
        say(
          `${kill} kills: ${before.lines.length} lines, ${before.hints} hints kept, ${problems.length} problems\n`,
        )
    }
  } finally {
    home.remove()
  }
  return { kills, lines: before.lines.length, problems }
}

interface Life {
  /** Lines handed to the shell, in order. */
  readonly typed: readonly string[]
  /** Hints that were seen on the screen. */
  readonly hints: number
}

async function live(home: string, random: RandomState, name: string): Promise<Life> {
  const program = new Program({ home, columns: 100, rows: 30, args: ['lesson', LESSON] })
  const typed: string[] = []
  let hints = 0
  const endsEarly = nextBetween(random, 1, 4) === 1
  const ms = nextBetween(random, 1, endsEarly ? LONGEST_START_MS : LONGEST_TYPING_MS)
  const lines = nextBetween(random, 0, MOST_LINES)
  let isKilled = false
  const arm = () =>
    setTimeout(() => {
      isKilled = true
      program.kill('SIGKILL')
    }, ms)
  let killer = endsEarly ? arm() : null
  try {
    await program.until(/Tasks \d/)
    program.type('h')
    await program.until(/Hint \d|No more hints/)
    hints += 1
    program.type(KEYS.switch)
    for (let i = 0; ; i++) {
      if (i === lines) killer ??= arm()
      await program.until(
        i === 0 ? /root@host1:~# *$/m : new RegExp(`line-${name}-${i - 1}-6\\b[^]*root@host1:~# *$`, 'm'),
      )
      // Nobody types faster than this; a command that was typed is saved by then.
      await new Promise((resolve) => setTimeout(resolve, nextBetween(random, 40, 120)))
      // What is left of its output still arrives, but nobody reads any more.
      if (isKilled) break
      typed.push(`echo line-${name}-${i}-$((2*3))`)
      program.type(`${typed.at(-1)}${KEYS.enter}`)
    }
  } catch (error) {
    if (program.status === null) throw error
  } finally {
    if (killer !== null) clearTimeout(killer)
    program.dispose()
  }
  await program.ended()
  return { typed, hints }
}

interface Left {
  readonly lines: readonly string[]
  readonly hints: number
}

/** What the next start finds; a string says what it cannot read. */
function lookAt(home: string): Left | string {
  const events = eventsIn(join(home, 'progress.json'))
  if (events === null) return 'progress.json is damaged'
  const hints = events.filter(({ kind }) => kind === 'hint').length
  const file = join(home, `${LESSON}.session`)
  if (!existsSync(file)) return { lines: [], hints }
  try {
    const saved = readSaved(readFileSync(file, 'utf8'))
    const session = Session.restoreFrom(splitSaved(saved!.session).session, services)
    return { lines: session.journal.map(({ line }) => line), hints }
  } catch (error) {
    return `the saved session cannot be read: ${String(error)}`
  }
}

function eventsIn(file: string) {
  if (!existsSync(file)) return []
  const parsed = parseProgress(readFileSync(file, 'utf8'))
  return parsed.kind === 'events' ? parsed.events : null
}

function compare(before: Left, after: Left, { typed, hints }: Life): string[] {
  const problems: string[] = []
  const kept = after.lines.slice(before.lines.length)
  if (after.lines.slice(0, before.lines.length).join('\n') !== before.lines.join('\n'))
    problems.push('lines of an earlier life are gone')
  if (kept.join('\n') !== typed.slice(0, kept.length).join('\n'))
    problems.push(`other lines than those typed: ${kept.join('; ')}`)
  if (typed.length - kept.length > 1)
    problems.push(`${typed.length - kept.length} lines lost of ${typed.join('; ')}`)
  if (after.hints < before.hints + hints) problems.push('something noted was lost')
  return problems
}
