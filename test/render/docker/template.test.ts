import { describe, expect, test } from 'vitest'
import { compactJson, indentedJson } from '../../../src/render/docker/json.ts'
import { naturalOrder } from '../../../src/render/docker/table.ts'
import { alignColumns } from '../../../src/render/docker/tabwriter.ts'
import { compileTemplate, executeTemplate } from '../../../src/render/docker/template/execute.ts'
import { humanDuration, humanSize } from '../../../src/render/docker/units.ts'
import type { ApiStruct } from '../../../src/sim/base/api-value.ts'

const data: ApiStruct = {
  Name: '/web',
  Count: 3,
  Up: true,
  Nothing: null,
  Args: ['a', 'b c'],
  State: { Status: 'running', Pid: 42 },
  Networks: new Map([
    ['red', { IPAddress: '10.5.7.1' }],
    ['blue', { IPAddress: '172.18.0.2' }],
  ]),
  Labels: new Map([
    ['b', '2'],
    ['a', '1'],
  ]),
}

const filled = (source: string): string => executeTemplate(compileTemplate(source), data)
const said = (source: string): string => {
  try {
    return filled(source)
  } catch (error) {
    return (error as Error).message
  }
}

describe('Go templates', () => {
  test.each([
    ['{{.Name}} {{.State.Status}}', '/web running'],
    ['{{range .Networks}}{{.IPAddress}} {{end}}', '172.18.0.2 10.5.7.1 '],
    ['{{range $k, $v := .Networks}}{{$k}}={{$v.IPAddress}};{{end}}', 'blue=172.18.0.2;red=10.5.7.1;'],
    ['{{range $i, $a := .Args}}{{$i}}{{$a}} {{end}}', '0a 1b c '],
    ['{{range .Nothing}}x{{else}}none{{end}}', 'none'],
    ['{{if .Up}}up{{else}}down{{end}}', 'up'],
    ['{{if eq .Count 4}}four{{else if eq .Count 3}}three{{end}}', 'three'],
    ['{{if and .Up (gt .Count 2)}}yes{{end}}', 'yes'],
    ['{{with .State}}{{.Pid}}{{end}}', '42'],
    ['{{index .Networks "red"}}', '{10.5.7.1}'],
    ['{{(index .Networks "red").IPAddress}}', '10.5.7.1'],
    ['{{len .Args}} {{len .Name}}', '2 4'],
    ['{{json .Labels}} {{json .State}}', '{"a":"1","b":"2"} {"Status":"running","Pid":42}'],
    ['{{join .Args ", "}}', 'a, b c'],
    ['{{.Labels}} {{.Args}}', 'map[a:1 b:2] [a b c]'],
    ['{{printf "%-5s|%3d|%q" "ab" .Count .Name}}', 'ab   |  3|"/web"'],
    ['{{println .Name .Count}}', '/web 3\n'],
    ['{{.Name | upper | printf "<%s>"}}', '</WEB>'],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{/* nothing */}}x', 'x'],
    ['{{$n := .Count}}{{$n}}', '3'],
    ['{{index .Labels "none"}}|{{.Labels.none}}', '|<no value>'],
  ])('%s', (source, result) => expect(said(source)).toBe(result))

  test.each([
    ['{{.State', 'template: :1: unclosed action'],
    ['{{.Foo}}', 'template: :1:2: executing "" at <.Foo>: can\'t evaluate field Foo in type struct'],
    [
      '{{.State.Foo}}',
      'template: :1:8: executing "" at <.State.Foo>: can\'t evaluate field Foo in type struct',
    ],
    ['{{foo .Name}}', 'template: :1: function "foo" not defined'],
    ['{{if .Up}}x', 'template: :1: unexpected EOF'],
    ['{{end}}', 'template: :1: unexpected {{end}}'],
    ['{{range .Count}}{{end}}', 'template: :1:8: executing "" at <.Count>: range can\'t iterate over 3'],
    ['{{}}', 'template: :1: missing value for command'],
    ['{{"abc}}', 'template: :1: unterminated quoted string'],
  ])('%s is refused', (source, message) => expect(said(source)).toBe(message))
})

describe('columns', () => {
  test('are as wide as their widest cell and three blanks, ten at least', () => {
    const text = 'NETWORK ID\tNAME\tDRIVER\n42e94448f65d\tbridge\tbridge\n'
    expect(alignColumns(text)).toBe('NETWORK ID     NAME      DRIVER\n42e94448f65d   bridge    bridge\n')
  })
  test('end where a line lacks the cell', () => {
    expect(alignColumns('a\tb\tc\nlonger than ten\tb\nalone\nx\ty')).toBe(
      'a                 b         c\nlonger than ten   b\nalone\nx         y',
    )
  })
})

test('words for durations and sizes', () => {
  const times = [0.5, 1, 59, 60, 119, 3599, 3600, 7200, 48 * 3600, 20 * 86400, 70 * 86400, 800 * 86400]
  expect(times.map(humanDuration)).toEqual([
    'Less than a second',
    '1 second',
    '59 seconds',
    'About a minute',
    'About a minute',
    '59 minutes',
    'About an hour',
    '2 hours',
    '2 days',
    '2 weeks',
    '2 months',
    '2 years',
  ])
  expect([0, 999, 1000, 2620000, 174000000, 1234567890].map((bytes) => humanSize(bytes))).toEqual([
    '0B',
    '999B',
    '1kB',
    '2.62MB',
    '174MB',
    '1.23GB',
  ])
})

test('JSON keeps the order of structs, sorts maps, leaves <> alone', () => {
  const value: ApiStruct = {
    B: '<a&b>',
    A: new Map([
      ['z', 1],
      ['a', null],
    ]),
    Gone: undefined,
    L: [],
  }
  expect(compactJson(value)).toBe('{"B":"<a&b>","A":{"a":null,"z":1},"L":[]}')
  expect(indentedJson([value])).toBe(
    '[\n    {\n        "B": "<a&b>",\n        "A": {\n            "a": null,\n            "z": 1\n        },\n        "L": []\n    }\n]',
  )
})

test('names in natural order', () => {
  expect(['c10', 'c2', 'a', 'c1'].sort(naturalOrder)).toEqual(['a', 'c1', 'c2', 'c10'])
})
