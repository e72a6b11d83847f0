/** What the images at hand run: ports, answers, logs. */
import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

async function shown(...lines: string[]): Promise<string[]> {
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 3 })
  const result: string[] = []
  for (const line of transcript.split('\n')) {
    if (lines.includes(line)) result.push('')
    else if (line !== '' && result.length > 0) result[result.length - 1] += `${line.replace(/^\| ?/, '')}\n`
  }
  return result
}

test('servers listen where the real ones do', async () => {
  const output = await shown(
    'host1$ docker run -d --name who -p 8081:80 traefik/whoami --name green',
    'host1$ docker run -d --name hello hashicorp/http-echo -text="hello world" -listen=:80',
    'host1$ docker run -d --name cache redis',
    'host1$ docker run -d --name db -e POSTGRES_PASSWORD=x postgres',
    'client$ curl -s -H "X-Asked: yes" http://192.168.178.100:8081/path | grep -v Remote | tr -d "\\r"',
    'host1$ curl -s http://172.17.0.3',
    "host1$ printf 'SET a 1\\r\\nINCR a\\r\\nGET b\\r\\nQUIT\\r\\n' | nc 172.17.0.4 6379 | tr -d '\\r'",
    'host1$ nc -zv 172.17.0.5 5432 2>&1 | grep -c succeeded',
    'host1$ docker logs cache | tail -1 | cut -d" " -f6-',
    'host1$ docker logs db 2>&1 | grep -c "listening on IPv4 address \\"0.0.0.0\\", port 5432"',
    'host1$ docker run --rm postgres 2>&1 | head -1',
    'host1$ docker run --rm hashicorp/http-echo',
    'host1$ docker exec who sh',
    'host1$ docker stop who hello cache db',
    "host1$ docker inspect -f '{{.State.ExitCode}}' who hello cache db",
  )
  expect(output[4]?.split('\n').filter((line) => line !== '')).toEqual([
    'Name: green',
    expect.stringMatching(/^Hostname: [0-9a-f]{12}$/),
    'IP: 127.0.0.1',
    'IP: 172.17.0.2',
    'GET /path HTTP/1.1',
    'Host: 192.168.178.100:8081',
    'User-Agent: curl/7.88.1',
    'Accept: */*',
    'X-Asked: yes',
  ])
  expect(output[5]).toBe('hello world\n')
  expect(output[6]).toBe('+OK\n:2\n$-1\n+OK\n')
  expect(output.slice(7, 12)).toEqual([
    '1\n',
    '* Ready to accept connections\n',
    '1\n',
    'Error: Database is uninitialized and superuser password is not specified.\n',
    'Missing -text option!\n[exit 127]\n',
  ])
  expect(output[12]).toContain('exec: "sh": executable file not found in $PATH: unknown')
  expect(output[14]).toBe('2\n0\n0\n0\n')
})

test('apt-get installs what the mirror can be asked for, and nothing without a way to it', async () => {
  const output = await shown(
    'host1$ docker run -dit --name box ubuntu',
    'box# ip addr',
    'box# apt-get install -y iproute2 2>&1 | tail -1',
    'box# apt-get update | tail -1',
    'box# apt-get install -y iproute2 curl | tail -1',
    'box# ip -br addr show eth0 | cut -d/ -f1',
    'box# curl -sI http://example.com | head -1',
    'host1$ docker run --rm ubuntu ip addr 2>&1 | grep -c "not found"',
    'host1$ docker network disconnect bridge box',
    'box# apt-get install -y tcpdump 2>&1 | tail -2 | head -1',
    'box# tcpdump --version',
  )
  expect(output[1]).toBe('sh: 1: ip: not found\n[exit 127]\n')
  expect(output[2]).toBe('E: Unable to locate package iproute2\n')
  expect(output[3]).toBe('Reading package lists... Done\n')
  expect(output[4]).toBe('Setting up iproute2 ...\n')
  expect(output[5]).toMatch(/^eth0@if\d+ +UP +172\.17\.0\.2\n$/)
  expect(output[6]).toBe('HTTP/1.1 200 OK\n')
  expect(output[7]).toBe('1\n')
  expect(output[9]).toContain("Temporary failure resolving 'archive.ubuntu.com'")
  expect(output[10]).toContain('not found')
})

test('what is removed comes back from the registry, over the network of the world', async () => {
  const transcript = await replay(
    [
      'host1$ docker rmi busybox',
      'host1$ docker run --rm busybox echo back',
      'host1$ docker rmi alpine',
      'host1$ docker pull alpine | grep -v Using',
      'host1$ docker pull alpine',
      'host1$ docker pull alpine:nope',
      'host1$ docker pull nobody/nothing:1',
      'host1$ docker rmi alpine',
      'host1$ iptables -A OUTPUT -p tcp --dport 443 -j REJECT --reject-with tcp-reset',
      'host1$ docker run --rm alpine true',
      '',
    ].join('\n'),
    { world: 'linux', engine: '20.10', seed: 5 },
  )
  expect(transcript).toContain(
    "Unable to find image 'busybox:latest' locally\n| latest: Pulling from library/busybox",
  )
  expect(transcript).toContain('Status: Downloaded newer image for busybox:latest\n| back\n')
  expect(transcript).toMatch(/[0-9a-f]{12}: Download complete\n\| [0-9a-f]{12}: Pull complete\n/)
  expect(transcript).toContain('Status: Image is up to date for alpine:latest\n')
  expect(transcript).toContain('manifest for alpine:nope not found: manifest unknown: manifest unknown')
  expect(transcript).toContain('pull access denied for nobody/nothing, repository does not exist')
  expect(transcript).toContain('dial tcp 203.0.113.20:443: connect: connection refused.')
})
