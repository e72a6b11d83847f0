import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { flagTable } from '../../../src/commands/docker/flag-table.ts'
import { parseFlags } from '../../../src/commands/docker/flags.ts'
import { parsePublish } from '../../../src/commands/docker/ports.ts'
import { replay } from '../../../src/headless/replay.ts'

const options = { world: 'lab', engine: '20.10', seed: 1 }
const lines = async (...commands: string[]): Promise<string> => replay(`${commands.join('\n')}\n`, options)

const flags = flagTable(`
  -d, --detach  Run in background
  -i, --interactive  Keep open
  -t, --tty  Terminal
  -p, --publish list  Publish
  --time int  Seconds (default 10)`)

describe('options', () => {
  test.each([
    [['-dit', 'x', '-d'], { detach: ['true'], interactive: ['true'], tty: ['true'] }, ['x', '-d']],
    [['-p8080:80', '-p', '1:2', '--publish=3:4', 'x'], { publish: ['8080:80', '1:2', '3:4'] }, ['x']],
    [['--detach=false', '--', '-x'], { detach: ['false'] }, ['-x']],
  ])('%j', (words, values, operands) => {
    const parsed = parseFlags(flags, words, false)
    expect(parsed.ok && [Object.fromEntries(parsed.value.values), parsed.value.operands]).toEqual([
      values,
      operands,
    ])
  })

  test.each([
    [['--foo'], 'unknown flag: --foo'],
    [['-dx'], "unknown shorthand flag: 'x' in -x"],
    [['--publish'], 'flag needs an argument: --publish'],
    [['-p'], "flag needs an argument: 'p' in -p"],
    [
      ['--time', 'x'],
      'invalid argument "x" for "--time" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      ['--tty=x'],
      'invalid argument "x" for "-t, --tty" flag: strconv.ParseBool: parsing "x": invalid syntax',
    ],
  ])('%j is refused', (words, message) => {
    const parsed = parseFlags(flags, words, true)
    expect(parsed.ok ? '' : parsed.message).toBe(message)
  })

  test('published ports', () => {
    expect(parsePublish('127.0.0.1:8080:80/udp')).toEqual([
      { containerPort: 80, protocol: 'udp', hostIp: '127.0.0.1', hostPort: '8080' },
    ])
    expect(parsePublish('8000-8001:80-81').map((one) => one.hostPort)).toEqual(['8000', '8001'])
    expect(parsePublish('8000-8005:80')[0]?.hostPort).toBe('8000-8005')
    expect(parsePublish('80')[0]).toMatchObject({ hostPort: '', containerPort: 80 })
    expect(parsePublish('[::1]:80:80')[0]?.hostIp).toBe('::1')
  })
})

test('every help text of docker in the recording', async () => {
  const recording = readFileSync(
    new URL('../../conformance/recordings-20.10/help.txt', import.meta.url),
    'utf8',
  )
  const blocks = [...recording.matchAll(/^host1\$ (docker [^\n]*--help|docker version)\n((?:\|[^\n]*\n)*)/gm)]
  expect(blocks.length).toBeGreaterThan(15)
  const transcript = await lines(...blocks.map((block) => `host1$ ${block[1]}`))
  expect(transcript).toBe(blocks.map((block) => block[0]).join(''))
})

test('lists follow what happens', async () => {
  const transcript = await lines(
    'host1$ docker run -d --name one -l tier=front -p 80:80 -p 443:443 nginx',
    'host1$ docker create --name two busybox',
    'host1$ docker ps -a --format \'{{.Names}} {{.Image}} {{.Command}} {{.Label "tier"}}|{{.Ports}}\'',
    "host1$ docker ps -a --filter status=created --format '{{.Names}}'",
    'host1$ docker ps --filter label=tier=back -q',
    "host1$ docker inspect -f '{{.Config.Image}} {{.HostConfig.RestartPolicy.Name}} {{len .NetworkSettings.Ports}}' one two",
    "host1$ docker network inspect -f '{{range .Containers}}{{.Name}}{{end}}' bridge",
    'host1$ docker rm -f one two',
    'host1$ docker ps -aq',
  )
  const [, ...output] = transcript.split('\n')
  const shown = output.filter((line) => !line.startsWith('host1$') && !/^\| [0-9a-f]{64}$/.test(line))
  expect(shown).toEqual([
    '| two busybox "sh" |',
    '| one nginx "/docker-entrypoint.…" front|0.0.0.0:80->80/tcp, :::80->80/tcp, 0.0.0.0:443->443/tcp, :::443->443/tcp',
    '| two',
    '| nginx no 2',
    '| busybox no 0',
    '| one',
    '| one',
    '| two',
    '',
  ])
})

test('what is real and missing says so, what is not real is refused', async () => {
  const transcript = await lines(
    'host1$ docker save -o b.tar busybox',
    'host1$ docker run --disable-content-trust=false busybox',
    'host1$ docker ps --nonsense',
    'host1$ docker network create -d overlay m',
  )
  expect(transcript).toContain(
    "docker-net-tutor: 'docker save' exists on a real host but is not modelled here",
  )
  expect(transcript).toContain("'docker run --disable-content-trust=false' exists on a real host")
  expect(transcript).toContain('unknown flag: --nonsense')
  expect(transcript.match(/\[exit 95\]/g)).toHaveLength(2)
  expect(transcript).toContain('This node is not a swarm manager')
})
