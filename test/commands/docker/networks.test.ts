import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

const options = { world: 'lab', engine: '20.10', seed: 3 }

/** What each command printed, without ids and times. */
async function shown(...lines: string[]): Promise<string[]> {
  const transcript = await replay(`${lines.join('\n')}\n`, options)
  return transcript
    .split('\n')
    .filter((line) => !lines.includes(line) && line !== '')
    .filter((line) => !/^\| [0-9a-f]{64}$/.test(line))
    .map((line) => line.replace(/[0-9a-f]{64}/g, 'ID'))
}

test('names live and die with endpoints on user-defined networks', async () => {
  const output = await shown(
    'host1$ docker network create app',
    'host1$ docker network create other',
    'host1$ docker run -dit --name db --network app --network-alias store busybox',
    'host1$ docker run -dit --name web --network app busybox',
    'host1$ docker run -dit --network app --hostname nameless busybox',
    'web# ping -c 1 store | head -1',
    'web# ping -c 1 db.app | head -1',
    'web# ping -c 1 nameless | head -1',
    'host1$ docker network disconnect app db',
    'web# ping -c 1 db',
    'host1$ docker network connect --alias cache app db',
    'web# ping -c 1 cache | head -1',
    'host1$ docker rename db data',
    'web# ping -c 1 data | head -1',
    'web# ping -c 1 db',
    'host1$ docker network connect other web',
    "host1$ docker inspect -f '{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{end}}' web",
    'web# ip route | head -1',
    'host1$ docker network disconnect app web',
    'web# ip route | head -1',
    'web# ping -c 1 data',
  )
  expect(output).toEqual([
    '| PING store (172.18.0.2): 56 data bytes',
    '| PING db.app (172.18.0.2): 56 data bytes',
    '| PING nameless (172.18.0.4): 56 data bytes',
    "| ping: bad address 'db'",
    '[exit 1]',
    '| PING cache (172.18.0.2): 56 data bytes',
    '| PING data (172.18.0.2): 56 data bytes',
    "| ping: bad address 'db'",
    '[exit 1]',
    '| app other ',
    '| default via 172.18.0.1 dev eth0 ',
    '| default via 172.19.0.1 dev eth1 ',
    "| ping: bad address 'data'",
    '[exit 1]',
  ])
})

test('published ports go with the network that gives the default route', async () => {
  const dnat = "host1$ iptables -t nat -S DOCKER | sed -n 's/.*--to-destination //p'"
  const output = await shown(
    'host1$ docker network create alpha',
    'host1$ docker network create zulu',
    'host1$ docker run -d --name web --network zulu -p 8080:80 nginx',
    dnat,
    'host1$ docker network connect alpha web',
    dnat,
    'client$ curl -s http://192.168.178.100:8080 | grep -c title',
    'host1$ docker network disconnect alpha web',
    dnat,
    'host1$ docker stop web',
    dnat,
  )
  expect(output).toEqual(['| 172.19.0.2:80', '| 172.18.0.2:80', '| 1', '| 172.19.0.2:80', '| web'])
})

test('a restart policy restarts, a stop by hand does not', async () => {
  const status = "host1$ docker inspect -f '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}' again"
  const output = await shown(
    "host1$ docker run -d --restart on-failure:2 --name again busybox sh -c 'exit 3'",
    '!sleep 5',
    status,
    'host1$ docker rm again',
    'host1$ docker run -dit --restart always --name again busybox',
    'host1$ docker stop -t 0 again',
    '!sleep 5',
    status,
    'host1$ docker wait again',
  )
  expect(output).toEqual(['| 2 exited 3', '| again', '| again', '| 0 exited 137', '| 137'])
})

test('volumes outlive containers, bind mounts show the host', async () => {
  const output = await shown(
    "host1$ docker run --rm -v data:/data busybox sh -c 'echo kept > /data/file'",
    'host1$ docker run --rm -v data:/data busybox cat /data/file',
    'host1$ mkdir -p /srv/site; echo hello > /srv/site/page',
    'host1$ docker run --rm -v /srv/site:/site:ro busybox cat /site/page',
    "host1$ docker run --rm -v /srv/site:/site:ro busybox sh -c 'echo x > /site/page'",
    'host1$ docker run --rm -e A=1 -w /tmp --add-host db:10.0.0.9 busybox sh -c "echo $A; pwd; grep 10.0.0.9 /etc/hosts"',
  )
  expect(output.slice(0, 2)).toEqual(['| kept', '| hello'])
  expect(output[2]).toContain('Read-only file system')
  expect(output.slice(-2)).toEqual(['| /tmp', '| 10.0.0.9\tdb'])
})
