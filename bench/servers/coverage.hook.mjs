// Loaded before a server: counts which of its functions are entered. SIGUSR2 begins to count anew, SIGHUP writes what was entered since.
import inspector from 'node:inspector';
import process from 'node:process';

const session = new inspector.Session();
session.connect();
const post = (method, params) => {
  let outcome;
  session.post(`Profiler.${method}`, params, (error, result) => {
    if (error) throw error;
    outcome = result;
  });
  return outcome;
};
post('enable');
post('startPreciseCoverage', { callCount: true, detailed: false });

process.on('SIGUSR2', () => {
  post('takePreciseCoverage');
  process.stdout.write('Counting\n');
});
process.on('SIGHUP', () => {
  const files = {};
  for (const { url, functions } of post('takePreciseCoverage').result) {
    // The first one of a file is the file itself.
    const entered = functions.filter(
      ({ functionName, ranges }, index) => ranges[0].count > 0 && (index > 0 || functionName !== ''),
    );
    if (!url.includes('/dist/src/') || entered.length === 0) continue;
    files[url.split('/dist/src/')[1]] = entered.map(({ functionName }) => functionName || '(anonymous)');
  }
  process.stdout.write(`Entered ${JSON.stringify(files)}\n`);
});
