// dig, host, nslookup with the options that learners use: as BIND 9.18 words them before the same server.
import { expect, test } from 'vitest'
import { services } from '../../../src/session/services.ts'
import { openSession } from '../../../src/session/session.ts'
import { createWorld } from '../../../src/sim/world/create.ts'

async function run(line: string): Promise<string> {
  const session = openSession(createWorld('lab', { engine: '20.10', seed: 1 }, services))
  await session.waitForPrompt()
  let text = ''
  session.onOutput((part) => {
    text += part
  })
  await session.run(line)
  const plain = text.replaceAll('\r', '')
  return plain.slice(plain.indexOf('\n') + 1, plain.lastIndexOf('\n') + 1)
}

test('dig shows what its keywords say', async () => {
  expect(await run('dig example.com +noall +answer +ttlunits')).toBe(
    'example.com.\t\t1h\tIN\tA\t203.0.113.10\n',
  )
  expect(await run('dig example.com +noall +answer +nottlid +noclass')).toBe(
    'example.com.\t\tA\t203.0.113.10\n',
  )
  expect(await run('dig +multiline +noall +answer -x 203.0.113.10')).toBe(
    '10.113.0.203.in-addr.arpa. 3600\tIN PTR example.com.\n',
  )
  expect(await run('dig example.com +short +identify')).toBe(
    '203.0.113.10 from server 203.0.113.10 in 0 ms.\n',
  )
  expect(await run('dig example.com +short www.example.com @203.0.113.77 +tries=1 +time=1 +short')).toBe(
    '203.0.113.10\n;; communications error to 203.0.113.77#53: timed out\n;; no servers could be reached\n',
  )
  expect(
    await run('dig +norecurse +qr +noall +comments +bufsize=512 +nocookie example.com | grep -v id:'),
  ).toBe(
    ';; Sending:\n;; flags: ad; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1\n\n' +
      ';; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 512\n' +
      ';; Got answer:\n;; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0\n\n',
  )
})

test('dig refuses as it does', async () => {
  expect(await run('dig +nosuch example.com | head -1; dig +time=x a; echo $?')).toContain(
    'Invalid option: +nosuch\nUsage:  dig [@global-server]',
  )
  expect(await run('dig +time=x a; echo $?')).toBe(
    "invalid timeout 'x': not a valid number\ndig: Couldn't parse timeout\n10\n",
  )
  expect(await run('dig -b 9.9.9.9 example.com; echo $?')).toBe(
    ';; UDP setup with 203.0.113.10#53(203.0.113.10) for example.com failed: address not available.\n' +
      ';; no servers could be reached\n9\n',
  )
  expect(await run('dig @nosuch.example a; echo $?')).toBe(
    "dig: couldn't get address for 'nosuch.example': not found\n1\n",
  )
})

test('host and nslookup ask for one type, and tell more', async () => {
  expect(await run('host -t MX example.com')).toBe('example.com has no MX record\n')
  expect(await run('host -t FOO example.com; echo $?')).toBe('host: invalid type: FOO\n\n2\n')
  expect(await run('host -v -t A example.com | grep -v -e id: -e flags')).toBe(
    'Trying "example.com"\n\n;; QUESTION SECTION:\n;example.com.\t\t\tIN\tA\n\n' +
      ';; ANSWER SECTION:\nexample.com.\t\t3600\tIN\tA\t203.0.113.10\n\n' +
      'Received 45 bytes from 203.0.113.10#53 in 0 ms\n',
  )
  expect(await run('nslookup -type=FOO -port=54 -retry=1 example.com')).toBe(
    'unknown query type: FOO\n;; communications error to 203.0.113.10#54: connection refused\n;; no servers could be reached\n\n',
  )
  expect(await run('nslookup -q=MX example.com')).toBe(
    "Server:\t\t203.0.113.10\nAddress:\t203.0.113.10#53\n\nNon-authoritative answer:\n*** Can't find example.com: No answer\n\nAuthoritative answers can be found from:\n\n",
  )
})

test('getent reads the files below /etc', async () => {
  expect(await run('getent services http domain/udp; getent protocols 17; getent networks loopback')).toBe(
    'http                  80/tcp www\ndomain                53/udp\nudp                   17 UDP\nloopback              127.0.0.0\n',
  )
  expect(await run('getent services nosuch; echo $?; getent foo; echo $?; getent ethers; echo $?')).toBe(
    "2\nUnknown database: foo\nTry `getent --help' or `getent --usage' for more information.\n1\nEnumeration not supported on ethers\n3\n",
  )
})
