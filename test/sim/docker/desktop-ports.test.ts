/** Docker Desktop: what is published is reached on the PC, through the backend there and the forwarder in the VM. */
import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

async function shown(...lines: string[]): Promise<string[]> {
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'desktop', engine: '20.10', seed: 2 })
  const result: string[] = []
  for (const line of transcript.split('\n')) {
    if (lines.includes(line)) result.push('')
    else if (line !== '' && result.length > 0) result[result.length - 1] += `${line.replace(/^\| ?/, '')}\n`
  }
  return result
}

const TITLE = '<title>Welcome to nginx!</title>'

test('a published port answers on the PC and from its LAN as long as the container runs', async () => {
  const output = await shown(
    'pc$ curl -sS http://localhost:8080',
    'pc$ docker run -d --name web -p 8080:80 nginx',
    'pc$ curl -s http://localhost:8080',
    'router$ curl -s http://192.168.178.100:8080',
    'pc$ docker logs web',
    'pc$ docker stop web',
    'pc$ curl -sS http://localhost:8080',
    'pc$ docker start web',
    'pc$ curl -s http://localhost:8080',
  )
  expect(output[0]).toContain('curl: (7)')
  expect(output[2]).toContain(TITLE)
  expect(output[3]).toContain(TITLE)
  expect(output[4]?.match(/^172\.17\.0\.1 /gm)).toHaveLength(2)
  expect(output[6]).toContain('curl: (7)')
  expect(output[8]).toContain(TITLE)
})

test("addresses are the PC's; what nobody serves in the container ends without an answer", async () => {
  const output = await shown(
    'pc$ docker run -d --name lan -p 192.168.178.100:8081:80 nginx',
    'pc$ docker run -d --name own -p 127.0.0.1:8082:80 nginx',
    'pc$ docker run -d --name dead -p 8083:81 nginx',
    'router$ curl -s http://192.168.178.100:8081',
    'router$ curl -sS -m 2 http://192.168.178.100:8082',
    'pc$ curl -s http://localhost:8082',
    'pc$ curl -sS http://localhost:8081',
    'pc$ curl -sS http://localhost:8083',
    'pc$ docker run -d --name wrong -p 1.2.3.4:8084:80 nginx',
    'pc$ docker run -d --name taken -p 8083:80 nginx',
  )
  expect(output[3]).toContain(TITLE)
  expect(output[4]).toContain('curl: (7)')
  expect(output[5]).toContain(TITLE)
  expect(output[6]).toContain('curl: (7)')
  expect(output[7]).toContain('curl: (52) Empty reply from server')
  expect(output[8]).toContain('bind: The requested address is not valid in its context.')
  expect(output[9]).toContain('port is already allocated')
})

test('datagrams go both ways', async () => {
  const output = await shown(
    "pc$ docker run -d --name echo -p 9000:9000/udp nicolaka/netshoot sh -c 'echo pong | nc -u -l -p 9000'",
    "router$ sh -c 'echo ping | nc -u -w 2 192.168.178.100 9000'",
    'pc$ docker logs echo',
  )
  expect(output[1]).toContain('pong')
  expect(output[2]).toContain('ping')
})
