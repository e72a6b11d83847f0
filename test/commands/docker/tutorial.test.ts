/** The classic custom-bridge tutorial and the two newer ones, step by step, with what each step must give. */
import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

/** What each command printed, ids made alike. */
async function steps(...lines: string[]): Promise<string[]> {
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 5 })
  const shown: string[] = []
  for (const line of transcript.split('\n')) {
    if (lines.includes(line)) shown.push('')
    else if (line !== '' && shown.length > 0)
      shown[shown.length - 1] += `${line.replace(/^\| ?/, '').replace(/[0-9a-f]{64}/g, 'ID')}\n`
  }
  return shown
}

test('the custom-bridge tutorial: sixteen steps', async () => {
  const [
    ls,
    run,
    inspect,
    disconnect,
    left,
    rm,
    create,
    ls2,
    empty,
    db,
    networks,
    web,
    address,
    lost,
    drop,
    connect,
    byName,
  ] = await steps(
    "host1$ docker network ls --format '{{.Name}}/{{.Driver}}/{{.Scope}}'",
    'host1$ docker run -itd --name=networktest ubuntu',
    'host1$ docker network inspect bridge',
    'host1$ docker network disconnect bridge networktest',
    "host1$ docker exec networktest sh -c 'ls /sys/class/net; cat /proc/net/route | wc -l'",
    'host1$ docker network rm bridge',
    'host1$ docker network create -d bridge my-bridge-network',
    "host1$ docker network ls -q -f name=my-bridge-network | sed 's/^/br-/' | xargs ip -br addr show dev | awk '{print $3}'",
    "host1$ docker network inspect -f '{{json .IPAM.Config}} {{json .Containers}} {{json .Options}}' my-bridge-network",
    'host1$ docker run -d --network=my-bridge-network --name db busybox sleep 1d',
    "host1$ docker inspect --format='{{json .NetworkSettings.Networks}}' db",
    'host1$ docker run -d --name web nginx',
    "host1$ docker inspect --format='{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web",
    'db# ping -c 3 -W 1 172.17.0.2',
    'host1$ iptables -vnxL DOCKER-ISOLATION-STAGE-2 | awk \'$3 == "DROP" && $1 > 0 {print $1, $7}\'',
    'host1$ docker network connect my-bridge-network web',
    'db# ping -c 1 web',
  )
  expect(ls).toBe('bridge/bridge/local\nhost/host/local\nnone/null/local\n')
  expect(run).toBe('ID\n')
  for (const text of ['"Subnet": "172.17.0.0/16"', '"Name": "networktest"']) expect(inspect).toContain(text)
  expect(inspect).toContain('"IPv4Address": "172.17.0.2/16"')
  expect(inspect).toContain('"com.docker.network.bridge.name": "docker0"')
  expect(disconnect).toBe('')
  expect(left).toBe('lo\n1\n')
  expect(rm).toBe(
    'Error response from daemon: bridge is a pre-defined network and cannot be removed\n[exit 1]\n',
  )
  expect(create).toBe('ID\n')
  expect(ls2).toBe('172.18.0.1/16\n')
  expect(empty).toBe('[{"Subnet":"172.18.0.0/16","Gateway":"172.18.0.1"}] {} {}\n')
  expect(db).toBe('ID\n')
  expect(JSON.parse(networks ?? '')).toMatchObject({
    'my-bridge-network': { Gateway: '172.18.0.1', IPAddress: '172.18.0.2', IPPrefixLen: 16 },
  })
  expect(web).toBe('ID\n')
  expect(address).toBe('172.17.0.2\n')
  expect(lost).toContain('3 packets transmitted, 0 packets received, 100% packet loss')
  expect(drop).toBe('3 docker0\n')
  expect(connect).toBe('')
  expect(byName).toContain('PING web (172.18.0.3): 56 data bytes\n64 bytes from 172.18.0.3: seq=0 ttl=64')
})

test('default bridge: addresses work, names do not', async () => {
  const [, , byAddress, byName] = await steps(
    'host1$ docker run -dit --name alpine1 alpine ash',
    'host1$ docker run -dit --name alpine2 alpine ash',
    'alpine1# ping -c 2 172.17.0.3',
    'alpine1# ping -c 2 alpine2',
  )
  expect(byAddress).toContain('2 packets transmitted, 2 packets received, 0% packet loss')
  expect(byName).toBe("ping: bad address 'alpine2'\n[exit 1]\n")
})

test('user-defined network: who reaches whom', async () => {
  const reach = (from: string, to: string) =>
    `${from}# ping -c 1 -W 1 ${to} > /dev/null 2>&1 && echo yes || echo no`
  const shown = await steps(
    'host1$ docker network create --driver bridge alpine-net',
    'host1$ docker run -dit --name alpine1 --network alpine-net alpine ash',
    'host1$ docker run -dit --name alpine2 --network alpine-net alpine ash',
    'host1$ docker run -dit --name alpine3 alpine ash',
    'host1$ docker run -dit --name alpine4 --network alpine-net alpine ash',
    'host1$ docker network connect bridge alpine4',
    reach('alpine1', 'alpine2'),
    reach('alpine1', 'alpine4'),
    reach('alpine1', 'alpine3'),
    reach('alpine1', '172.17.0.2'),
    reach('alpine4', 'alpine1'),
    reach('alpine4', 'alpine3'),
    reach('alpine4', '172.17.0.2'),
    ...[1, 2, 3, 4].map((n) => reach(`alpine${n}`, '203.0.113.10')),
  )
  expect(shown.slice(6).map((text) => text.trim())).toEqual([
    'yes',
    'yes',
    'no',
    'no',
    'yes',
    'no',
    'yes',
    'yes',
    'yes',
    'yes',
    'yes',
  ])
})
