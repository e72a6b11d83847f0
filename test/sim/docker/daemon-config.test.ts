/** What the daemon says of a daemon.json that it cannot take. */
import { expect, test } from 'vitest'
import { readConfig } from '../../../src/sim/docker/daemon-config.ts'

const FILE = 'unable to configure the Docker daemon with file /etc/docker/daemon.json: '
const NETWORKS = 'failed to start daemon: Error initializing network controller: '
const INVALID = `${FILE}configuration validation from file failed: `
const TYPES = `${FILE}json: cannot unmarshal `

const refused: readonly (readonly [string, string])[] = [
  ['', `${FILE}EOF`],
  ['{"icc": false', `${FILE}unexpected EOF`],
  ['[]', `${TYPES}array into Go value of type map[string]interface {}`],
  ['{"icc": "yes"}', `${TYPES}string into Go struct field Config.icc of type bool`],
  ['{"bip": 5}', `${TYPES}number into Go struct field Config.bip of type string`],
  ['{"mtu": "1400"}', `${TYPES}string into Go struct field Config.mtu of type int`],
  ['{"mtu": 1400.5}', `${TYPES}number 1400.5 into Go struct field Config.mtu of type int`],
  ['{"dns": "8.8.8.8"}', `${TYPES}string into Go struct field Config.dns of type []string`],
  ['{"dns": [8]}', `${TYPES}number into Go struct field Config.dns of type string`],
  ['{"log-opts": {"max-size": 10}}', `${TYPES}number into Go struct field Config.log-opts of type string`],
  [
    '{"default-address-pools": {"base": "10.0.0.0/8", "size": 24}}',
    `${TYPES}object into Go struct field Config.default-address-pools of type []*ipamutils.NetworkToSplit`,
  ],
  [
    '{"default-address-pools": [{"base": "10.0.0.0/8", "size": "24"}]}',
    `${TYPES}string into Go struct field Config.default-address-pools of type int`,
  ],
  // Names are looked at before types.
  ['{"icc": "yes", "bib": 1}', `${FILE}the following directives don't match any configuration option: bib`],
  [
    '{"hosts": ["tcp://0.0.0.0:2375", "unix:///var/run/docker.sock"]}',
    `${FILE}the following directives are specified both as a flag and in the configuration file: hosts: (from flag: [fd://], from file: [tcp://0.0.0.0:2375 unix:///var/run/docker.sock])`,
  ],
  ['{"dns": ["nine"]}', `${INVALID}nine is not an ip address`],
  ['{"dns-search": ["a..b"]}', `${INVALID}a..b is not a valid domain`],
  ['{"labels": ["alone"]}', `${INVALID}bad attribute format: alone`],
  ['{"bip": "nonsense"}', `${NETWORKS}invalid CIDR address: nonsense`],
  ['{"bip": "10.5.0.1"}', `${NETWORKS}invalid CIDR address: 10.5.0.1`],
  ['{"fixed-cidr": "10.5.0.0/33"}', `${NETWORKS}invalid CIDR address: 10.5.0.0/33`],
  ['{"default-address-pools": [{"base": "10.5.0.0/16", "size": 8}]}', `${NETWORKS}invalid pools size: 8`],
  ['{"default-address-pools": [{"base": "10.5.0.0/16"}]}', `${NETWORKS}invalid pools size: 0`],
  [
    '{"default-address-pools": [{"base": "ten", "size": 24}]}',
    `${NETWORKS}invalid base pool "ten": invalid CIDR address: ten`,
  ],
]

test.each(refused)('%s', (text, words) => {
  const result = readConfig(text)
  expect(result.ok ? 'taken' : result.error.detail).toBe(words)
})

test('what is null or not about networks is taken', () => {
  const text =
    '{"icc": null, "dns-search": ["corp.example", "."], "log-opts": {"max-size": "10m"}, "features": {"buildkit": true}}'
  expect(readConfig(text).ok).toBe(true)
})
