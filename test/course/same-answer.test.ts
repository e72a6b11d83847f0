/** What is taken for the same answer, by what is asked for. */
import { describe, expect, it } from 'vitest'
import { sameAnswer, type TypedAs } from '../../src/course/same-answer.ts'

const ACCEPTED: Readonly<Record<string, readonly [answer: string, ...given: string[]]>> = {
  'interface-name': [
    'veth3a6d989',
    'VETH3A6D989',
    'veth3a6d989@if15',
    'veth3a6d989:',
    ' veth3a6d989 ',
    '`veth3a6d989`',
  ],
  address: [
    '172.17.0.3/16',
    '172.17.0.3',
    '172.17.0.3/16',
    '172.17.0.3.',
    'address 172.17.0.3',
    '172.17.0.3 / 16',
  ],
  mac: [
    '02:42:ac:11:00:03',
    '02:42:AC:11:00:03',
    '02-42-ac-11-00-03',
    '2:42:ac:11:0:3',
    '0242.ac11.0003',
    'MAC 02:42:ac:11:00:03',
  ],
  port: ['8080', '8080/tcp', ':8080', 'port 8080', 'tcp/8080', '8080 TCP', '08080'],
  number: ['1500', '1,500', '1 500', "1'500", '1500 bytes', '1500.0', '+1500', '0x5dc', '01500'],
  'ignore-case': ['docker-proxy', 'Docker-Proxy', '"docker-proxy"', 'docker-proxy.', '  docker-proxy'],
  chain: ['DOCKER-USER', 'docker-user', 'chain DOCKER-USER', 'the chain DOCKER-USER', 'filter DOCKER-USER'],
  container: ['web', '/web', 'WEB', 'container web'],
}

const REFUSED: Readonly<Record<string, readonly [answer: string, ...given: string[]]>> = {
  'interface-name': ['veth3a6d989', 'veth3a6d98', 'eth0', ''],
  address: ['172.17.0.3/16', '172.17.0.3/24', '172.17.0.30', '172.17.0', ''],
  mac: ['02:42:ac:11:00:03', '02:42:ac:11:00:30', '02:42:ac:11:00'],
  port: ['8080', '8080/udp', '80', '808', '8080-8081'],
  number: ['16', '61', '1', '16 17', '1.6', '-16'],
  exact: ['abc', 'ABC'],
  chain: ['DOCKER-USER', 'DOCKER', 'USER'],
}

describe('an answer that means the same', () => {
  for (const [accepts, [answer, ...given]] of Object.entries(ACCEPTED)) {
    it.each(given)(`${accepts}: %s for ${answer}`, (text) => {
      expect(sameAnswer(accepts as TypedAs, text, answer)).toBe(true)
    })
  }
  it('numbers in words, numbers of devices', () => {
    expect(sameAnswer('number', 'three', '3')).toBe(true)
    expect(sameAnswer('number', 'Two ports', '2')).toBe(true)
    expect(sameAnswer('number', '@if16', '16')).toBe(true)
    expect(sameAnswer('address', 'FE80::1/64', 'fe80:0::1')).toBe(true)
  })
})

describe('an answer that does not', () => {
  for (const [accepts, [answer, ...given]] of Object.entries(REFUSED)) {
    it.each(given)(`${accepts}: '%s' for ${answer}`, (text) => {
      expect(sameAnswer(accepts as TypedAs, text, answer)).toBe(false)
    })
  }
})
