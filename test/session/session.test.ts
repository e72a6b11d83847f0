/** One learner's shell: typing, streaming, Ctrl-C, limits, undo, saving. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: some lines are shell
import { describe, expect, test } from 'vitest'
import { Session } from '../../src/session/session.ts'
import { serializeWorld } from '../../src/sim/world/snapshot.ts'
import { runScript, smallSession } from '../shell/testbed.ts'

const SECOND = 1_000_000

async function open(): Promise<Session> {
  const session = smallSession()
  session.openShell({ columns: 80, rows: 24 })
  await session.waitForPrompt()
  return session
}

describe('at the prompt', () => {
  test('a line is echoed, runs, and the prompt comes back', async () => {
    const session = await open()
    expect(session.prompt()).toBe('root@host1:~# ')
    expect(await session.run('cd /tmp; echo hi; false')).toBe(1)
    expect(session.output()).toBe('root@host1:~# cd /tmp; echo hi; false\nhi\nroot@host1:/tmp# ')
  })

  test('an unfinished line asks for more', async () => {
    const session = await open()
    await session.run('for i in 1 2')
    expect(session.prompt()).toBe('> ')
    await session.run('do echo "<$i>"; done')
    expect(session.output()).toContain('<1>\n<2>\n')
  })

  test('mistakes keep the shell alive', async () => {
    const session = await open()
    for (const line of [
      'foo',
      'fi',
      'echo $((1/0))',
      'echo ${x?gone}',
      '\x00\x01\xff',
      'cd /nosuch',
      'readonly r; r=1',
    ])
      await session.run(line)
    await session.run('echo alive')
    expect(session.output()).toContain('bash: foo: command not found\n')
    expect(session.output()).toContain("bash: syntax error near unexpected token `fi'\n")
    expect(session.output()).toMatch(/alive\nroot@host1:~# $/)
  })

  test('Ctrl-C ends a busy loop and a sleep, and clears a line', async () => {
    const session = await open()
    for (const line of [
      'while true; do :; done',
      'sleep 1000',
      'while true; do sleep 1; done',
      'yes >/dev/null',
      'cat',
    ]) {
      session.submit(line)
      await session.advance(SECOND)
      expect(session.isAtPrompt).toBe(false)
      session.interrupt()
      await session.advance(SECOND)
      expect(session.isAtPrompt).toBe(true)
      expect(session.current!.state.status).toBe(130)
    }
    session.type('half a line\x03')
    await session.advance(SECOND)
    expect(session.output()).toMatch(/half a line\^C\nroot@host1:~# $/)
  })

  test('jobs: background, listed, stopped, in the foreground again', async () => {
    const session = await open()
    await session.run('sleep 100 &')
    await session.run('jobs')
    expect(session.output()).toMatch(/\[1\] \d+\n/)
    expect(session.output()).toContain('[1]+  Running                 sleep 100 &\n')
    session.submit('sleep 50')
    await session.advance(SECOND)
    session.type('\x1a')
    await session.advance(SECOND)
    expect(session.output()).toContain('^Z\n[2]+  Stopped                 sleep 50\n')
    await session.run('kill %1; kill %2; kill -CONT %2; wait')
    await session.run('jobs')
    await session.run('echo end')
    expect(session.shells).toHaveLength(1)
  })

  test('exit ends the session with its status', async () => {
    const session = await open()
    await session.run('exit 5')
    expect(session.hasEnded).toBe(true)
  })
})

describe('pipes stream', () => {
  test('a reader that ends lets its writer end', async () => {
    expect(await runScript('yes | head -2; echo ${PIPESTATUS[@]}')).toEqual({
      stdout: 'y\ny\n141 0\n',
      stderr: '',
      status: 0,
    })
  })

  test('lines arrive as they are written', async () => {
    const session = await open()
    session.submit('for i in 1 2 3; do echo tick$i; sleep 1; done | grep tick')
    await session.advance(1.5 * SECOND)
    expect(session.output()).toContain('tick2')
    expect(session.output()).not.toContain('tick3')
    await session.waitForPrompt()
    expect(session.output()).toContain('tick3')
  })
})

describe('limits', () => {
  test('a fork bomb is stopped', async () => {
    const session = await open()
    session.submit(':() { : | : & }; :')
    await session.advance(20 * SECOND)
    session.interrupt()
    await session.advance(5 * SECOND)
    expect(session.output()).toContain('fork: Resource temporarily unavailable')
  }, 20_000)

  test('endless recursion is stopped', async () => {
    const ran = await runScript('f() { f; }; f; echo after')
    expect(ran.stderr).toContain('maximum function nesting level exceeded')
  })

  test('a huge paste neither hangs nor breaks', async () => {
    const session = await open()
    await session.run(`echo ${'x'.repeat(1_000_000)} | wc -c`)
    expect(session.output()).toContain('1000001')
  }, 20_000)

  test('timeout ends what takes too long', async () => {
    expect(
      (await runScript('timeout 2 sh -c "while :; do :; done"; echo $?; timeout 1 sleep 100; echo $?'))
        .stdout,
    ).toBe('124\n124\n')
  })
})

const LINES = [
  'echo a > /tmp/a',
  'cd /tmp',
  'x=1',
  'mkdir d',
  'touch d/e',
  'f() { echo f; }',
  'f',
  'export Y=2',
  'ls',
  'rm a',
  'sleep 1',
  'nosuch',
  'sleep 500 &',
  'bash',
  'z=3',
  'cd /',
  'echo $z > /tmp/z',
  'exit',
  'x=$((x+1)); echo $x',
  'cat /tmp/z',
]

describe('undo', () => {
  test('twenty undos give the first world, twenty redos the last', async () => {
    const session = await open()
    const worlds = [serializeWorld(session.world)]
    const prompts = [session.prompt()]
    for (const line of LINES) {
      await session.run(line)
      worlds.push(serializeWorld(session.world))
      prompts.push(session.prompt())
    }
    for (let i = LINES.length - 1; i >= 0; i--) {
      await session.run('tutor undo')
      expect(session.prompt(), LINES[i]).toBe(prompts[i])
      expect(serializeWorld(session.world) === worlds[i], LINES[i]).toBe(true)
    }
    for (let i = 1; i <= LINES.length; i++) {
      await session.run('tutor redo')
      expect(serializeWorld(session.world) === worlds[i], LINES[i - 1]).toBe(true)
    }
    await session.run('echo $x $Y')
    expect(session.output()).toMatch(/\n2 2\nroot@host1:\/tmp# $/)
  })

  test('an outer line goes on when the nested shell of a saved world ends', async () => {
    const session = await open()
    await session.run('bash; echo outer $?')
    await session.run('inner=1')
    const saved = session.serialize()!
    const again = Session.restoreFrom(saved, { word: () => '' })
    await again.waitForPrompt()
    expect(again.shells).toHaveLength(2)
    expect(serializeWorld(again.world)).toBe(serializeWorld(session.world))
    await again.run('echo $inner; exit 4')
    expect(again.output()).toMatch(/echo \$inner; exit 4\n1\nexit\nouter 4\nroot@host1:~# $/)
    expect(again.shells).toHaveLength(1)
  })

  test('reset goes back to the beginning', async () => {
    const session = await open()
    const first = serializeWorld(session.world)
    await session.run('echo a > /tmp/a')
    await session.run('tutor reset')
    expect(serializeWorld(session.world)).toBe(first)
    await session.run('tutor undo')
    await session.run('cat /tmp/a')
    expect(session.output()).toMatch(/\na\nroot@host1:~# $/)
  })
})
