// Stands in for curl where there is none, as far as this project's README uses it: -N, -H, -d and an address.
const headers = {};
let url;
let body;
const args = process.argv.slice(2);
while (args.length > 0) {
  const argument = args.shift();
  if (argument === '-H') {
    const [name, value] = args.shift().split(/: (.*)/s);
    headers[name] = value;
  } else if (argument === '-d') body = args.shift();
  else if (argument.startsWith('http')) url = argument;
  else if (argument !== '-N') throw new Error(`curl: ${argument} is not known here`);
}
const response = await globalThis.fetch(url, { method: body === undefined ? 'GET' : 'POST', headers, body });
for await (const chunk of response.body) process.stdout.write(chunk);
