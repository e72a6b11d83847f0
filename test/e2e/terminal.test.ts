/** The terminal is given back on every way out; what cannot work says so. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CLI, KEYS, newHome, Program, restoredBy, type StartOptions } from './program.ts'

const homes: { remove: () => void }[] = []
const programs: Program[] = []

function home(): string {
  const made = newHome()
  homes.push(made)
  return made.folder
}

function start(options: Partial<StartOptions> = {}): Program {
  const program = new Program({ home: home(), ...options })
  programs.push(program)
  return program
}

function run(
  args: readonly string[],
  options: { home?: string; input?: string; env?: Record<string, string> } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    input: options.input ?? '',
    env: { ...process.env, DOCKER_NET_TUTOR_HOME: options.home ?? home(), ...options.env },
  })
  return { status, stdout, stderr }
}

afterEach(() => {
  for (const program of programs.splice(0)) program.dispose()
  for (const made of homes.splice(0)) made.remove()
})

describe('the terminal is given back', () => {
  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'])('on %s', async (signal) => {
    const program = start()
    await program.until('HOME')
    program.kill(signal)
    const status = await program.ended()
    expect(status).toBe({ SIGTERM: 143, SIGHUP: 129, SIGINT: 130, SIGQUIT: 131 }[signal])
    expect(restoredBy(program.output)).toBe(true)
  })

  it('on q, on Ctrl-C', async () => {
    for (const key of ['q', KEYS.interrupt]) {
      const program = start()
      await program.until('HOME')
      program.type(key)
      expect(await program.ended()).toBe(0)
      expect(restoredBy(program.output)).toBe(true)
    }
  })

  it('when the program fails, with what went wrong', async () => {
    const bomb = `data:text/javascript,${encodeURIComponent("setTimeout(() => { throw new Error('boom') }, 1500)")}`
    const program = start({ env: { NODE_OPTIONS: `--import=${bomb}` } })
    await program.until('HOME')
    expect(await program.ended()).toBe(70)
    expect(restoredBy(program.output)).toBe(true)
    expect(program.output.slice(program.output.lastIndexOf('\u001b[?1049l'))).toContain('boom')
  })

  it('with its modes, on a signal and around Ctrl-Z and fg', async () => {
    const script = `stty -a | grep -o -- '-\\?icanon'; "$0" "$1"; echo "status $?"; stty -a | grep -o -- '-\\?icanon'`
    const killed = start({ command: ['bash', '-c', script, process.execPath, CLI] })
    await killed.until('HOME')
    killed.type(KEYS.interrupt)
    await killed.until(/status 0\s+icanon/)
    expect((await killed.screen()).match(/^-?icanon$/gm)).toEqual(['icanon', 'icanon'])

    const shell = start({ command: ['bash', '--norc', '-i'], env: { PS1: 'own$ ' } })
    await shell.until('own$')
    shell.type(`${process.execPath} ${CLI}\r`)
    await shell.until('HOME')
    shell.type(KEYS.stop)
    await shell.until('Stopped')
    shell.type('stty -a | grep -o -- "-\\?icanon"\r')
    await shell.until(/^icanon/m)
    shell.type('fg\r')
    await shell.until('HOME')
    shell.type('q')
    await shell.gone('HOME')
  })
})

describe('the window', () => {
  it('is refused when it is too small, with what to do', async () => {
    const program = start({ columns: 50, rows: 12 })
    expect(await program.ended()).toBe(1)
    expect(program.output.replace(/\s+/g, ' ')).toContain(
      'this window has 50×12 characters; the course needs 60×15.',
    )
  })

  it('may shrink and grow', async () => {
    const program = start()
    await program.until('HOME')
    program.resize(40, 10)
    await program.until('too small')
    program.resize(160, 50)
    await program.until('HOME')
    for (let i = 0; i < 20; i++) program.resize(70 + i, 20 + (i % 7))
    await program.until('HOME')
  })

  it('has no colours with NO_COLOR', async () => {
    const program = start({ env: { NO_COLOR: '1' } })
    await program.until('HOME')
    program.type(KEYS.down)
    await program.until('❯  2')
    expect(program.output).not.toMatch(/\u001b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7])m/)
  })
})

describe('commands without a screen', () => {
  it('print version and help', () => {
    const { version } = JSON.parse(readFileSync(join(CLI, '../../package.json'), 'utf8'))
    expect(run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` })
    expect(run(['--help']).stdout).toContain('Usage: docker-net-tutor')
  })

  it.each([
    [['--wrong'], 2, "unknown flag '--wrong'"],
    [['wrong'], 2, "unknown command 'wrong'"],
    [['sandbox', '--world', 'mars'], 2, "unknown world 'mars'"],
    [['sandbox', '--engine', '1.0'], 2, "engine '1.0'"],
    [['lesson', 'no-such'], 1, "there is no lesson 'no-such'"],
    [['reset', 'no-such'], 1, "there is no lesson 'no-such'"],
    [['replay', '/no/such.scn'], 1, 'cannot read /no/such.scn'],
    [['progress', 'import', '/no/such'], 1, 'cannot read /no/such'],
  ])('refuse %j with a sentence', (args, status, text) => {
    const result = run(args)
    expect(result.status).toBe(status)
    expect(result.stderr).toContain(text)
    expect(result.stderr).not.toContain('    at ')
  })

  it('say what to do where there is no terminal', () => {
    const result = run([])
    expect(result.status).toBe(1)
    expect(result.stderr).toContain('Start it in a terminal')
    expect(run(['--linear'], { input: 'quit\n' }).status).toBe(0)
    expect(run(['--linear'], { input: 'quit\n' }).stdout).toContain('lesson')
  })

  it('list, export, import and reset progress', () => {
    const folder = home()
    const [first] = /^ 1 {2}(\S+)/m.exec(run(['list']).stdout)!.slice(1)
    const event = { id: 'x', at: 1, kind: 'step-entered', lesson: first, step: 'y' }
    const file = join(folder, 'in.json')
    writeFileSync(file, JSON.stringify({ format: 1, events: [event] }))
    expect(run(['progress', 'import', file], { home: folder }).stdout).toContain('1 new')
    expect(JSON.parse(run(['progress', 'export'], { home: folder }).stdout).events).toEqual([event])
    expect(JSON.parse(run(['progress', '--json'], { home: folder }).stdout).lessons[0].state).toBe('begun')
    run(['reset'], { home: folder })
    expect(JSON.parse(run(['progress', '--json'], { home: folder }).stdout).lessons[0].state).toBe('open')
  })
})

describe('a progress file', () => {
  it('of a newer version is left alone', () => {
    const folder = home()
    const file = join(folder, 'progress.json')
    writeFileSync(file, '{"format": 99}')
    const result = run(['progress'], { home: folder })
    expect(result.status).toBe(1)
    expect(result.stderr).toContain('newer docker-net-tutor')
    expect(readFileSync(file, 'utf8')).toBe('{"format": 99}')
  })

  it('that is damaged is kept, and said so on the screen', async () => {
    const folder = home()
    writeFileSync(join(folder, 'progress.json'), '{broken')
    const program = start({ home: folder })
    await program.until('was damaged')
    expect(readFileSync(join(folder, 'progress.json.damaged-1'), 'utf8')).toBe('{broken')
  })

  it('that cannot be written is said before anything is lost', () => {
    const folder = home()
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const result = run(['--linear'], { home: join(file, 'deeper'), input: 'quit\n' })
    expect(result.status).toBe(1)
    expect(result.stderr).toContain('DOCKER_NET_TUTOR_HOME')
    if (process.getuid?.() !== 0) {
      const locked = join(folder, 'locked')
      mkdirSync(locked)
      chmodSync(locked, 0o500)
      expect(run(['--linear'], { home: locked, input: 'quit\n' }).status).toBe(1)
    }
    expect(existsSync(file)).toBe(true)
  })
})
