/** What a shell must survive: the prompt comes back, within bounds of time and memory. */
import { describe, expect, test } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { createRandom, nextUint32 } from '../../src/sim/base/random.ts'
import { createWorld } from '../../src/sim/world/create.ts'

const SECOND = 1_000_000
const MEGABYTE = 1 << 20
/** Milliseconds of the machine's time, generous for a loaded one. */
const LIMIT_MS = 15_000

async function open(): Promise<Session> {
  const session = openSession(createWorld('linux', { engine: '20.10', seed: 1 }, services), { host: 'host1' })
  await session.waitForPrompt()
  return session
}

/** Ctrl-C until the main prompt stands, then a command that must work. */
async function expectAlive(session: Session): Promise<void> {
  session.interrupt()
  await session.advance(0.1 * SECOND)
  for (let i = 0; i < 5 && !/^root@host1:.*# $/.test(session.prompt()); i++) {
    session.interrupt()
    await session.advance(SECOND)
  }
  expect(session.prompt()).toMatch(/^root@host1:.*# $/)
  const before = session.output().length
  await session.run('echo still $((40 + 2))')
  expect(session.output().slice(before)).toContain('still 42\n')
  expect(session.hasEnded).toBe(false)
}

async function bounded(work: () => Promise<void>): Promise<void> {
  const began = performance.now()
  const memory = process.memoryUsage().rss
  await work()
  expect(performance.now() - began).toBeLessThan(LIMIT_MS)
  expect(process.memoryUsage().rss - memory).toBeLessThan(1024 * MEGABYTE)
}

function garbage(seed: number, length: number): string {
  const random = createRandom(seed)
  let text = ''
  while (text.length < length) text += String.fromCharCode(nextUint32(random) & 0xff)
  return text.replace(/[\n\r\x03\x04\x1a\x1c]/g, '')
}

describe('the prompt comes back', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('after binary garbage, seed %i', { timeout: 2 * LIMIT_MS }, (seed) =>
    bounded(async () => {
      const session = await open()
      session.submit(garbage(seed, 4000))
      await session.advance(5 * SECOND)
      session.submit(garbage(seed + 50, 300))
      await session.advance(5 * SECOND)
      await expectAlive(session)
    }),
  )

  test('after garbage typed raw, control characters and all', { timeout: 2 * LIMIT_MS }, () =>
    bounded(async () => {
      const session = await open()
      const random = createRandom(9)
      let text = ''
      // Ctrl-D at an empty line ends a shell, as it should.
      while (text.length < 3000) text += String.fromCharCode(nextUint32(random) & 0x7f).replace('\x04', '')
      session.type(text)
      await session.advance(20 * SECOND)
      await expectAlive(session)
    }),
  )

  const LONG: readonly (readonly [string, string])[] = [
    ['one word', `echo ${'x'.repeat(10 * MEGABYTE)} | wc -c`],
    ['one word that is no command', 'y'.repeat(10 * MEGABYTE)],
    ['many words', `echo ${'word '.repeat(2 * MEGABYTE)} | wc -w`],
    ['many commands', ':;'.repeat(MEGABYTE / 16)],
    ['an unclosed quote', `echo "${'z'.repeat(10 * MEGABYTE)}`],
  ]
  test.each(LONG)('after 10 MB of paste: %s', { timeout: 60_000 }, (_name, text) =>
    bounded(async () => {
      const session = await open()
      session.submit(text)
      await session.waitForPrompt(5 * SECOND)
      await expectAlive(session)
    }),
  )

  test('after 10 MB of pasted lines', { timeout: 60_000 }, () =>
    bounded(async () => {
      const session = await open()
      session.type('# only a comment that goes on for a while, line after line\n'.repeat(180_000))
      await session.advance(60 * SECOND)
      await expectAlive(session)
    }),
  )

  const UNFINISHED = [
    'echo "never closed',
    "echo 'never closed",
    'echo $(',
    'echo `',
    'if true',
    'while',
    'f() {',
    '( (',
    'cat <<EOF',
    'echo ${x',
    '$((',
    'case x in',
    '\\',
  ]
  test.each(UNFINISHED)('after an unfinished %s and Ctrl-C', { timeout: 2 * LIMIT_MS }, (line) =>
    bounded(async () => {
      const session = await open()
      session.submit(line)
      await session.advance(SECOND)
      await expectAlive(session)
    }),
  )

  const ENDLESS = [
    'while true; do :; done',
    'until false; do x=$((x + 1)); done',
    'for ((;;)); do :; done',
    'yes',
    'yes >/dev/null',
    'yes | cat',
    'yes | grep -v y',
    'cat /dev/zero >/dev/null',
    'while true; do echo spam; done',
    'while true; do ping -c 1 127.0.0.1; done',
    'docker run --rm busybox sh -c "while true; do :; done"',
    'docker run --rm -it busybox sh -c "while true; do echo spam; done"',
    'ping 127.0.0.1',
    'cat',
    'sleep inf',
    'x=a; while true; do x=$x$x; done',
  ]
  test.each(ENDLESS)('%s, then Ctrl-C', { timeout: 2 * LIMIT_MS }, (line) =>
    bounded(async () => {
      const session = await open()
      session.submit(line)
      await session.advance(0.3 * SECOND)
      session.interrupt()
      await session.advance(2 * SECOND)
      await expectAlive(session)
    }),
  )

  const BOMBS = [
    ':() { : | : & }; :',
    'f() { f & f & }; f',
    'docker run -d --rm busybox sh -c "f() { f | f & }; f"',
    'while true; do sleep 100 & done',
  ]
  test.each(BOMBS)('fork bomb %s', { timeout: 2 * LIMIT_MS }, (line) =>
    bounded(async () => {
      const session = await open()
      session.submit(line)
      await session.advance(0.3 * SECOND)
      session.interrupt()
      await session.advance(0.3 * SECOND)
      await session.run('kill $(jobs -p) 2>/dev/null; echo')
      await session.advance(0.3 * SECOND)
      await expectAlive(session)
    }),
  )

  const DEEP = [
    'f() { f; }; f',
    'f() { $(f); }; f',
    'f() { (f); }; f',
    'f() { eval f; }; f',
    'echo "bash /tmp/deep" > /tmp/deep; bash /tmp/deep',
    'echo ". /tmp/deeper" > /tmp/deeper; . /tmp/deeper',
    `echo ${'$('.repeat(2000)}echo${')'.repeat(2000)}`,
    `echo $((${'('.repeat(5000)}1${')'.repeat(5000)}))`,
    `${'{ '.repeat(3000)}:; ${'}; '.repeat(3000)}`,
    'alias a="a a"; a',
    'echo {1..10000000} | wc -c',
    'printf %1000000000d 1 | wc -c',
    'seq 1 1000000 | tail -1',
    'head -c 10000000 /dev/zero | wc -c',
  ]
  test.each(DEEP)('%s', { timeout: 60_000 }, (line) =>
    bounded(async () => {
      const session = await open()
      session.submit(line)
      await session.waitForPrompt(2 * SECOND)
      session.interrupt()
      await session.advance(2 * SECOND)
      await expectAlive(session)
    }),
  )

  test('yes | head ends by itself', async () => {
    const session = await open()
    await session.run('yes | head -1000 | wc -l; seq 1000000 | head -1')
    expect(session.output()).toContain('1000\n1\n')
  })
})
