/** A shell on another machine, over the simulated network. */
import { describe, expect, it } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { createWorld } from '../../src/sim/world/create.ts'

async function atHost1(): Promise<{ session: Session; run(line: string): Promise<string> }> {
  const session = openSession(createWorld('linux', { engine: '20.10', seed: 1 }, services))
  await session.waitForPrompt()
  const run = async (line: string): Promise<string> => {
    const before = session.output().length
    await session.run(line)
    return session.output().slice(before).replaceAll('\r\n', '\n')
  }
  return { session, run }
}

describe('ssh', () => {
  it('opens a shell there, whose end leads back', async () => {
    const { session, run } = await atHost1()
    expect(await run('ssh client')).toBe('ssh client\nroot@client:~# ')
    expect(await run('hostname; echo $SSH_CONNECTION')).toMatch(
      /^hostname.*\nclient\n192\.168\.178\.100 \d+ 192\.168\.178\.50 22\nroot@client:~# $/,
    )
    expect(await run('exit')).toBe('exit\nexit\nConnection to client closed.\nroot@host1:~# ')
    expect(session.world.remoteShells ?? []).toEqual([])
  })

  it('runs one command with its streams and its exit status', async () => {
    const { run } = await atHost1()
    expect(await run('echo hello | ssh client cat')).toContain('\nhello\n')
    expect(await run('ssh client "echo out; echo err >&2; exit 3" 2>/dev/null; echo $?')).toContain(
      '\nout\n3\n',
    )
  })

  it('is undone and redone inside the other shell', async () => {
    const { session, run } = await atHost1()
    await run('ssh client')
    await run('touch /tmp/mark')
    expect(session.undo()).toBe('touch /tmp/mark')
    await session.waitForPrompt()
    expect(await run('ls /tmp; hostname')).toBe('ls /tmp; hostname\nclient\nroot@client:~# ')
    expect(await run('exit')).toContain('root@host1:~# ')
  })

  it('goes over the network: without it there is no connection, and a broken one has a way out', async () => {
    const { session, run } = await atHost1()
    await run('ssh client')
    session.submit('iptables -A INPUT -p tcp --dport 22 -j DROP')
    await session.advance(5_000_000)
    session.type('echo lost\n')
    await session.advance(5_000_000)
    expect(session.output()).not.toContain('\nlost')
    session.type('\n~.')
    await session.advance(1_000_000)
    expect(session.output()).toMatch(/Connection to client closed\.\r?\nroot@host1:~# $/)
    expect(await run('ssh -o ConnectTimeout=3 client')).toContain(
      'ssh: connect to host client port 22: Connection timed out',
    )
  })
})
