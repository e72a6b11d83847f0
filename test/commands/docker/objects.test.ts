/** Files, images, events, clearing up: what `docker cp`, `diff`, `commit`, `events`, `system` and their kin tell. */
import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

/** What each command printed, ids and times made alike. */
async function shown(...lines: string[]): Promise<string[]> {
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 3 })
  const result: string[] = []
  for (const line of transcript.split('\n')) {
    if (lines.includes(line)) result.push('')
    else if (line !== '' && result.length > 0) result[result.length - 1] += `${line.replace(/^\| ?/, '')}\n`
  }
  return result.map((text) =>
    text.replace(/[0-9a-f]{64}/g, 'ID').replace(/\d{4}-\d\d-\d\dT[\d:.]{18}Z/g, 'TIME'),
  )
}

test('files go in and out of containers, and what differs can be looked at and kept', async () => {
  const output = await shown(
    'host1$ docker run -d --name web nginx',
    "host1$ docker exec web sh -c 'echo hi > /tmp/x; echo y >> /etc/passwd; rm /etc/nginx/sites-enabled/default'",
    'host1$ docker diff web',
    'host1$ docker cp web:/tmp/x /root/',
    'host1$ cat /root/x',
    'host1$ docker stop web',
    'host1$ docker cp /etc/hostname web:/tmp/name',
    'host1$ docker start web',
    'host1$ docker exec web cat /tmp/name',
    'host1$ docker cp web:/nope .',
    'host1$ docker cp a b',
    'host1$ docker commit -m kept --change \'CMD ["cat", "/tmp/x"]\' web mine:1',
    'host1$ docker run --rm --entrypoint "" mine:1 cat /tmp/x /tmp/name',
    "host1$ docker history --format '{{.CreatedBy}}|{{.Comment}}' mine:1 | head -1",
    'host1$ docker diff nosuch',
  )
  expect(output[2]).toBe(
    'C /etc\nC /etc/nginx\nC /etc/nginx/sites-enabled\nD /etc/nginx/sites-enabled/default\nC /etc/passwd\nC /tmp\nA /tmp/x\n',
  )
  expect(output[4]).toBe('hi\n')
  expect(output[8]).toBe('host1\n')
  expect(output[9]).toBe('Error: No such container:path: web:/nope\n[exit 1]\n')
  expect(output[10]).toBe('must specify at least one container source\n[exit 1]\n')
  expect(output[11]).toBe('sha256:ID\n')
  expect(output[12]).toBe('hi\nhost1\n')
  expect(output[13]).toBe('cat /tmp/x|kept\n')
  expect(output[14]).toBe('Error response from daemon: No such container: nosuch\n[exit 1]\n')
})

test('events are told as they happen and afterwards', async () => {
  const format = "--format '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}'"
  const output = await shown(
    `!bg LIVE host1$ docker events ${format}`,
    'host1$ docker network create app',
    'host1$ docker run -d --network app --name db busybox sleep 1d',
    'host1$ docker stop -t 1 db',
    'host1$ docker rm db',
    'host1$ docker network rm app',
    '!end LIVE',
    "host1$ docker events --since 10m --until 0s -f type=container -f event=die --format '{{.Actor.Attributes.exitCode}}'",
    'host1$ docker events --since 10m --until 0s -f event=create -f type=network',
    'host1$ docker events --since 10m --until 0s -f colour=red -f event=create -f type=network',
  )
  expect(output[6]).toContain(
    [
      'network create app',
      'container create db',
      'network connect app',
      'container start db',
      'container kill db',
      'container kill db',
      'container die db',
      'network disconnect app',
      'container stop db',
      'container destroy db',
      'network destroy app',
    ].join('\n'),
  )
  expect(output[7]).toBe('137\n')
  expect(output[8]).toBe('TIME network create ID (name=app, type=bridge)\n')
  // Nobody looks at a filter that the engine does not know.
  expect(output[9]).toBe('TIME network create ID (name=app, type=bridge)\n')
})

test('clearing up tells what has gone', async () => {
  const output = await shown(
    'host1$ docker run --name old -v data:/data busybox true',
    'host1$ docker network create unused',
    'host1$ docker commit old',
    'host1$ docker system df | tail -n +3',
    'host1$ docker system prune -f',
    'host1$ docker volume prune -f',
    'host1$ docker system prune -f',
    'host1$ docker context ls -q',
  )
  expect(output[3]).toBe(
    'Containers      1         0         0B        0B\nLocal Volumes   1         1         0B        0B\nBuild Cache     0         0         0B        0B\n',
  )
  expect(output[4]).toBe(
    'Deleted Containers:\nID\n\nDeleted Networks:\nunused\n\nDeleted Images:\ndeleted: sha256:ID\ndeleted: sha256:ID\ndeleted: sha256:ID\n\nTotal reclaimed space: 4.87MB\n',
  )
  expect(output[5]).toBe('Deleted Volumes:\ndata\n\nTotal reclaimed space: 0B\n')
  expect(output[6]).toBe('Total reclaimed space: 0B\n')
  expect(output[7]).toBe('default\n')
})

test('update changes policy and limits, and refuses what cannot be', async () => {
  const output = await shown(
    'host1$ docker run -dit --name c1 busybox',
    'host1$ docker update --restart on-failure:3 -m 64m c1',
    "host1$ docker inspect -f '{{json .HostConfig.RestartPolicy}} {{.HostConfig.Memory}}' c1",
    'host1$ docker update c1',
    'host1$ docker update --restart always nosuch',
    'host1$ docker run -dit --rm --name c2 busybox',
    'host1$ docker update --restart always c2',
  )
  expect(output[1]).toBe('c1\n')
  expect(output[2]).toBe('{"Name":"on-failure","MaximumRetryCount":3} 67108864\n')
  expect(output[3]).toBe('you must provide one or more flags when using this command\n[exit 1]\n')
  expect(output[4]).toBe('Error response from daemon: No such container: nosuch\n[exit 1]\n')
  expect(output[6]).toContain('Restart policy cannot be updated because AutoRemove is enabled')
})

test('contexts are kept in the files of who made them', async () => {
  const output = await shown(
    'host1$ docker context create far --description "over there" --docker host=tcp://10.9.9.9:2375',
    'host1$ docker context use far',
    'host1$ docker ps',
    "host1$ docker context ls --format '{{.Name}} {{.Current}} {{.DockerEndpoint}}'",
    'host1$ docker -c default ps -q',
    'host1$ docker context rm far default nobody',
    'host1$ docker context rm -f far',
    'host1$ docker context ls -q; find /root/.docker -name meta.json',
    'host1$ docker context create far',
    'host1$ docker context create far --docker host=tcp://10.9.9.9:2375,hots=x',
  )
  expect(output.slice(2)).toEqual([
    'Cannot connect to the Docker daemon at tcp://10.9.9.9:2375. Is the docker daemon running?\n[exit 1]\n',
    'default false unix:///var/run/docker.sock\nfar true tcp://10.9.9.9:2375\n',
    '',
    'far: context is in use, set -f flag to force remove\ndefault: context "default" cannot be removed\nnobody: context "nobody" does not exist\n[exit 1]\n',
    'far\n',
    'default\n',
    'docker endpoint configuration is required\n[exit 1]\n',
    'unable to create docker endpoint config: unrecognized config keys: hots\n[exit 1]\n',
  ])
})

test('what takes space and memory is counted; stats draws again until it is ended', async () => {
  const output = await shown(
    'host1$ docker run -d --name lim -m 64m --user 1000:1001 -v data:/data alpine sleep 100',
    'host1$ docker exec lim id',
    'host1$ docker exec -u 0 lim sh -c "echo 12345 > /data/x; echo 123 > /y"',
    "host1$ docker ps -s --format '{{.Size}}'",
    'host1$ docker system df -v | grep -A2 "VOLUME NAME"',
    "host1$ docker stats --no-stream --format '{{.Container}} {{.MemUsage}} {{.PIDs}}' lim",
    "host1$ timeout 2 docker stats --format '{{.Name}}'",
    'host1$ docker run --rm --cap-drop ALL busybox ping -c 1 127.0.0.1',
  )
  expect(output[1]).toBe('uid=1000 gid=1001 groups=1001\n')
  expect(output[3]).toBe('4B (virtual 7.34MB)\n')
  expect(output[4]).toContain('data          1         6B\n')
  expect(output[5]).toMatch(/^lim [\d.]+MiB \/ 64MiB 1\n$/)
  expect(output[6]?.split('\n').filter((line) => line.includes('lim')).length).toBe(3)
  expect(output[7]).toContain('ping: permission denied (are you root?)\n[exit 1]')
})
