// Sends messages over many connections to one or more servers for some seconds, and writes how many were accepted to stdout. Its
// one argument is JSON: { urls, connections, seconds }.
import assert from 'node:assert/strict';
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { HEADERS, sendRequest } from '../support/rpc.mjs';

const { urls, connections, seconds } = JSON.parse(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
const begin = performance.now();
const end = begin + seconds * 1000;
const times = [];

function send(url) {
  const request = sendRequest('SendMessage', 'echo hello');
  request.params.configuration = { returnImmediately: true };
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, { method: 'POST', headers: HEADERS, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => resolve(text)).on('error', reject);
    });
    outgoing.on('error', reject).end(JSON.stringify(request));
  });
}

async function work(url) {
  while (performance.now() < end) {
    const sent = performance.now();
    const answer = await send(url);
    assert.match(answer, /"task":\{"id":"/);
    times.push(performance.now() - sent);
  }
}

await Promise.all(Array.from({ length: connections }, (_, n) => work(urls[n % urls.length])));
const took = (performance.now() - begin) / 1000;
times.sort((a, b) => a - b);
const { user, system } = process.cpuUsage();
const p99 = times[Math.floor(times.length * 0.99)];
console.log(JSON.stringify({ sends: times.length, perSecond: times.length / took, p99, cpuMicros: user + system }));
agent.destroy();
