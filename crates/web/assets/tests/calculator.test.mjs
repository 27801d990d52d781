// Checks calculator.js: `node crates/web/assets/tests/calculator.test.mjs`. Uses the public score vectors of
// the corpus where it is (PORTCULLIS_CORPUS, else ../shared/data beside the workspace), and says so where not.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

await import("../calculator.js");
const { score, parse } = globalThis.PortcullisCvss;

const worst31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const worst40 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";
for (const [vector, figure, band] of [
  [worst31, 9.8, "Critical"],
  [worst31.replace("S:U", "S:C"), 10, "Critical"],
  ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0, "None"],
  [worst31 + "/E:X/MAV:X", 9.8, "Critical"],
  [worst40, 10, "Critical"],
  ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0, "None"],
]) {
  const result = score(vector);
  assert.equal(result.score, figure, vector);
  assert.equal(result.severity, band, vector);
}

for (const wrong of ["", "CVSS:3.1", "CVSS:9.9/AV:N", worst31 + "/AV:N", worst31 + "/XX:N", worst31.replace("C:H", "C:Q"), worst31 + "/E", worst31.replace("/A:H", ""), worst31 + "/E:H:H", worst31 + "/toString:1"]) {
  assert.equal(parse(wrong), null, wrong);
}
assert.equal(score(worst31 + "/E:X/RL:O").vector, worst31 + "/RL:O");
assert.equal(score(worst40 + "/CR:L/E:P").parts[0][0], "CVSS-BTE");

const corpus = process.env.PORTCULLIS_CORPUS ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const file = `${corpus}/cvss/vectors.csv`;
if (!existsSync(file)) {
  console.log("calculator: own checks passed; the corpus of public vectors is not here, so those were not checked");
} else {
  const [head, ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  const counted = { "3.1": 0, "4.0": 0 };
  let wrong = 0;
  for (const line of lines) {
    const row = Object.fromEntries(line.split(",").map((cell, place) => [names[place], cell]));
    if (!(row.version in counted)) continue;
    const result = score(row.vector);
    counted[row.version] += 1;
    for (const name of ["base", "temporal", "environmental", "score"]) {
      if (row[name] !== "" && result?.[name] !== Number(row[name])) {
        wrong += 1;
        if (wrong <= 10) console.error(`${row.vector}: ${name} is ${result?.[name]}, expected ${row[name]}`);
      }
    }
    if (row.severity !== "" && result?.severity !== row.severity) {
      wrong += 1;
      console.error(`${row.vector}: ${result?.severity}, expected ${row.severity}`);
    }
  }
  assert.equal(wrong, 0, `${wrong} scores differ`);
  assert.ok(counted["3.1"] > 1000 && counted["4.0"] > 1000, "too few vectors were read");
  console.log(`calculator: ${counted["3.1"]} vectors of v3.1 and ${counted["4.0"]} of v4.0 score as expected`);
}
