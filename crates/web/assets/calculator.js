// Scores CVSS v3.1 and v4.0 vectors in the browser, without asking a server, in whole numbers where the
// standards round. The form works without this file; with it, score, vector and link follow every click.
// A plain script, not a module, so that a page saved to disk still calculates.
(() => {
  "use strict";

  // ---- the metrics, in the order of the vector string: required ones first -------------------------------

  const words = (text) => Object.fromEntries(text.split(" ").map((entry) => entry.split("=")).map(([name, values]) => [name, values.split(",")]));
  const STANDARDS = {
    "3.1": {
      required: words("AV=N,A,L,P AC=L,H PR=N,L,H UI=N,R S=U,C C=H,L,N I=H,L,N A=H,L,N"),
      optional: words(
        "E=X,H,F,P,U RL=X,U,W,T,O RC=X,C,R,U CR=X,H,M,L IR=X,H,M,L AR=X,H,M,L MAV=X,N,A,L,P MAC=X,L,H MPR=X,N,L,H MUI=X,N,R MS=X,U,C MC=X,H,L,N MI=X,H,L,N MA=X,H,L,N",
      ),
    },
    "4.0": {
      required: words("AV=N,A,L,P AC=L,H AT=N,P PR=N,L,H UI=N,P,A VC=H,L,N VI=H,L,N VA=H,L,N SC=H,L,N SI=H,L,N SA=H,L,N"),
      optional: words(
        "E=X,A,P,U CR=X,H,M,L IR=X,H,M,L AR=X,H,M,L MAV=X,N,A,L,P MAC=X,L,H MAT=X,N,P MPR=X,N,L,H MUI=X,N,P,A MVC=X,H,L,N MVI=X,H,L,N MVA=X,H,L,N MSC=X,H,L,N MSI=X,S,H,L,N MSA=X,S,H,L,N " +
          "S=X,N,P AU=X,N,Y R=X,A,U,I V=X,D,C RE=X,L,M,H U=X,Clear,Green,Amber,Red",
      ),
    },
  };

  /** The metrics of a vector, or null when it is not a complete, correct vector of a version known here. */
  function parse(vector) {
    const [head, ...parts] = String(vector).trim().split("/");
    const version = head.startsWith("CVSS:") ? head.slice(5) : "";
    const standard = Object.hasOwn(STANDARDS, version) ? STANDARDS[version] : null;
    if (!standard) return null;
    const metrics = {};
    for (const part of parts) {
      const [name, value, more] = part.split(":");
      const values = Object.hasOwn(standard.required, name) ? standard.required[name] : Object.hasOwn(standard.optional, name) ? standard.optional[name] : null;
      if (more !== undefined || !values || !values.includes(value) || Object.hasOwn(metrics, name)) return null;
      metrics[name] = value;
    }
    return Object.keys(standard.required).every((name) => name in metrics) ? { version, metrics } : null;
  }

  /** The vector string of metrics: required ones, then the optional ones that say something. */
  function write(version, metrics) {
    const { required, optional } = STANDARDS[version];
    const said = [...Object.keys(required), ...Object.keys(optional).filter((name) => (metrics[name] ?? "X") !== "X")];
    return [`CVSS:${version}`, ...said.map((name) => `${name}:${metrics[name]}`)].join("/");
  }

  // ---- version 3.1 (specification, section 7) -------------------------------------------------------------

  const WEIGHT = {
    AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
    AC: { L: 0.77, H: 0.44 },
    UI: { N: 0.85, R: 0.62 },
    HARM: { H: 0.56, L: 0.22, N: 0 },
    NEED: { X: 1, H: 1.5, M: 1, L: 0.5 },
    E: { X: 1, H: 1, F: 0.97, P: 0.94, U: 0.91 },
    RL: { X: 1, U: 1, W: 0.97, T: 0.96, O: 0.95 },
    RC: { X: 1, C: 1, R: 0.96, U: 0.92 },
  };
  const PRIVILEGE = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } };

  /** The smallest figure of one decimal not below the input, by the whole-number rule of appendix A. */
  function roundUp(input) {
    const whole = Math.round(input * 100000);
    return whole % 10000 === 0 ? whole / 100000 : (Math.floor(whole / 10000) + 1) / 10;
  }

  function combined(impact, exploitability, scope) {
    if (impact <= 0) return 0;
    return roundUp(Math.min((scope === "C" ? 1.08 : 1) * (impact + exploitability), 10));
  }

  function score31(metrics) {
    const get = (name) => metrics[name] ?? "X";
    const now = (name) => (get("M" + name) === "X" ? metrics[name] : metrics["M" + name]);
    const ease = (of) => 8.22 * WEIGHT.AV[of("AV")] * WEIGHT.AC[of("AC")] * PRIVILEGE[of("S")][of("PR")] * WEIGHT.UI[of("UI")];
    const left = ["C", "I", "A"].reduce((rest, name) => rest * (1 - WEIGHT.HARM[metrics[name]]), 1);
    const loss = 1 - left;
    const impact = metrics.S === "U" ? 6.42 * loss : 7.52 * (loss - 0.029) - 3.25 * (loss - 0.02) ** 15;
    const base = combined(impact, ease((name) => metrics[name]), metrics.S);

    const factor = (score) => score * WEIGHT.E[get("E")] * WEIGHT.RL[get("RL")] * WEIGHT.RC[get("RC")];
    const temporal = roundUp(factor(base));

    const mine = ["C", "I", "A"].reduce((rest, name) => rest * (1 - WEIGHT.NEED[get(name + "R")] * WEIGHT.HARM[now(name)]), 1);
    const myLoss = Math.min(1 - mine, 0.915);
    const myImpact = now("S") === "U" ? 6.42 * myLoss : 7.52 * (myLoss - 0.029) - 3.25 * (myLoss * 0.9731 - 0.02) ** 13;
    const environmental = roundUp(factor(combined(myImpact, ease(now), now("S"))));

    const said = Object.keys(metrics).filter((name) => metrics[name] !== "X");
    const parts = [["Base", base]];
    if (said.some((name) => ["E", "RL", "RC"].includes(name))) parts.push(["Temporal", temporal]);
    if (said.some((name) => /^(M.+|[CIA]R)$/.test(name))) parts.push(["Environmental", environmental]);
    return { score: parts[parts.length - 1][1], base, temporal, environmental, parts };
  }

  // ---- version 4.0 (specification, section 8) -------------------------------------------------------------

  // Scores of the macro vectors in tenths. A line is one EQ1, EQ2 and pair of EQ3 with EQ6 (00, 01, 10, 11,
  // 21); within it EQ4, then EQ5.
  const MACRO = `
    100 98 95 100 93 91 93 89 81  99 95 92 96 87 81 90 80 68  98 95 90 93 89 81 88 78 69  95 92 84 92 81 65 80 70 48  92 82 72 79 69 50 69 55 27
    99 95 92 95 90 84 92 82 72  97 92 85 91 83 71 81 71 53  95 92 85 92 80 70 84 71 50  93 85 73 82 72 59 70 52 30  86 75 52 71 52 29 63 29 17
    98 94 91 94 86 77 87 74 63  95 87 81 89 74 64 75 63 49  94 88 76 86 74 59 72 57 52  89 77 67 76 58 50 57 52 25  83 70 54 65 58 26 53 21 13
    95 88 76 90 75 61 77 68 52  90 76 70 77 62 53 66 59 30  89 76 62 74 57 47 61 57 24  78 67 58 59 57 23 52 29 16  71 59 30 58 26 15 23 13 6
    93 86 75 86 74 56 70 52 40  87 72 58 74 61 34 54 40 22  85 74 62 72 55 46 53 34 19  75 55 51 57 41 19 36 19 8  64 51 20 47 21 11 24 9 4
    88 73 60 73 59 41 54 45 20  75 53 50 55 40 20 43 22 11  75 58 40 61 48 20 46 17 8  55 45 21 51 18 9 18 7 2  53 24 14 24 12 5 10 3 1
  `.trim().split(/\s+/).map(Number);
  const PAIRS = ["00", "01", "10", "11", "21"];

  /** The score of a macro vector in tenths; undefined when there is no such macro vector. */
  function macro(eq1, eq2, eq3, eq4, eq5, eq6) {
    const pair = PAIRS.indexOf(`${eq3}${eq6}`);
    if (pair < 0 || eq1 > 2 || eq2 > 1 || eq4 > 2 || eq5 > 2) return undefined;
    return MACRO[((eq1 * 2 + eq2) * 5 + pair) * 9 + eq4 * 3 + eq5];
  }

  // How far each value is from the worst, in steps.
  const STEP = {
    AV: "NALP", PR: "NLH", UI: "NPA", AC: "LH", AT: "NP", VC: "HLN", VI: "HLN", VA: "HLN", SC: "SHLN", SI: "SHLN", SA: "SHLN", CR: "HML", IR: "HML", AR: "HML",
  };
  // The worst vectors of each level, their metrics in the order given, and how deep the level is.
  const LEVELS = {
    eq1: { metrics: ["AV", "PR", "UI"], worst: [["NNN"], ["ANN", "NLN", "NNP"], ["PNN", "ALP"]], depth: [1, 4, 5] },
    eq2: { metrics: ["AC", "AT"], worst: [["LN"], ["HN", "LP"]], depth: [1, 2] },
    eq36: {
      metrics: ["VC", "VI", "VA", "CR", "IR", "AR"],
      worst: [["HHHHHH"], ["HHLMMH", "HHHMMM"], ["LHHHHH", "HLHHHH"], ["LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH", "LLHHHM"], ["LLLHHH"]],
      depth: [7, 6, 8, 8, 10],
    },
    eq4: { metrics: ["SC", "SI", "SA"], worst: [["HSS"], ["HHH"], ["LLL"]], depth: [6, 5, 4] },
  };

  function score40(metrics) {
    const of = (name) => {
      const mine = metrics["M" + name] ?? "X";
      if (mine !== "X") return mine;
      const value = metrics[name] ?? "X";
      if (value !== "X") return value;
      return name === "E" ? "A" : "H";
    };
    const harms = ["VC", "VI", "VA", "SC", "SI", "SA"];
    const tenths = harms.every((name) => of(name) === "N") ? 0 : interpolated(of);
    return { score: tenths / 10, parts: [[nomenclature(metrics), tenths / 10]] };
  }

  /** Which metrics the score rests on, as section 1.3 of the standard names it. */
  function nomenclature(metrics) {
    const said = Object.keys(metrics).filter((name) => metrics[name] !== "X");
    const threat = said.includes("E") ? "T" : "";
    const environment = said.some((name) => /^(M.+|[CIA]R)$/.test(name)) ? "E" : "";
    return `CVSS-B${threat}${environment}`;
  }

  function levels(of) {
    const open = [of("AV"), of("PR"), of("UI")].filter((value) => value === "N").length;
    const eq1 = open === 3 ? 0 : open > 0 && of("AV") !== "P" ? 1 : 2;
    const eq2 = of("AC") === "L" && of("AT") === "N" ? 0 : 1;
    const eq3 = of("VC") === "H" && of("VI") === "H" ? 0 : ["VC", "VI", "VA"].some((name) => of(name) === "H") ? 1 : 2;
    const eq4 = of("SI") === "S" || of("SA") === "S" ? 0 : ["SC", "SI", "SA"].some((name) => of(name) === "H") ? 1 : 2;
    const eq5 = { A: 0, P: 1, U: 2 }[of("E")];
    const eq6 = ["C", "I", "A"].some((name) => of(name + "R") === "H" && of("V" + name) === "H") ? 0 : 1;
    return [eq1, eq2, eq3, eq4, eq5, eq6];
  }

  /** Steps between a vector and the first worst vector of its level that is nowhere milder. */
  function distance({ metrics, worst }, level, of) {
    for (const candidate of worst[level]) {
      const steps = metrics.map((name, place) => STEP[name].indexOf(of(name)) - STEP[name].indexOf(candidate[place]));
      if (steps.every((step) => step >= 0)) return steps.reduce((sum, step) => sum + step, 0);
    }
    return 0;
  }

  function interpolated(of) {
    const [eq1, eq2, eq3, eq4, eq5, eq6] = levels(of);
    const here = macro(eq1, eq2, eq3, eq4, eq5, eq6);
    const pair = PAIRS.indexOf(`${eq3}${eq6}`);
    // The next milder macro vector of each kind; the pair of EQ3 and EQ6 has two ways down from its top.
    const both = pair === 0 ? Math.max(macro(eq1, eq2, 0, eq4, eq5, 1), macro(eq1, eq2, 1, eq4, eq5, 0)) : pair === 2 ? macro(eq1, eq2, 1, eq4, eq5, 1) : macro(eq1, eq2, eq3 + 1, eq4, eq5, eq6);
    const ways = [
      [LEVELS.eq1, eq1, macro(eq1 + 1, eq2, eq3, eq4, eq5, eq6)],
      [LEVELS.eq2, eq2, macro(eq1, eq2 + 1, eq3, eq4, eq5, eq6)],
      [LEVELS.eq36, pair, both],
      [LEVELS.eq4, eq4, macro(eq1, eq2, eq3, eq4 + 1, eq5, eq6)],
      [null, eq5, macro(eq1, eq2, eq3, eq4, eq5 + 1, eq6)],
    ].filter(([, , below]) => below !== undefined);
    if (ways.length === 0) return here;
    // 840 is a multiple of every depth, so that everything up to the last division stays whole.
    const lost = ways.reduce((sum, [kind, level, below]) => sum + (kind ? (here - below) * distance(kind, level, of) * (840 / kind.depth[level]) : 0), 0);
    const unit = 840 * ways.length;
    const exact = here * unit - lost;
    return Math.min(100, Math.max(0, Math.floor((2 * exact + unit) / (2 * unit))));
  }

  // ---- both ------------------------------------------------------------------------------------------------

  function severity(score) {
    return score >= 9 ? "Critical" : score >= 7 ? "High" : score >= 4 ? "Medium" : score > 0 ? "Low" : "None";
  }

  /** Everything about a vector, or null when it is not one. */
  function score(vector) {
    const read = parse(vector);
    if (!read) return null;
    const result = read.version === "3.1" ? score31(read.metrics) : score40(read.metrics);
    return { ...result, version: read.version, vector: write(read.version, read.metrics), severity: severity(result.score) };
  }

  globalThis.PortcullisCvss = { score, parse, write, severity };
  if (typeof document === "undefined") return;

  // ---- the form --------------------------------------------------------------------------------------------

  function metricsOf(form) {
    const { required, optional } = STANDARDS[form.dataset.cvss];
    const metrics = {};
    for (const name of [...Object.keys(required), ...Object.keys(optional)]) {
      const chosen = form.querySelector(`input[name="${name}"]:checked`);
      if (chosen) metrics[name] = chosen.value;
    }
    return metrics;
  }

  function show(form) {
    const version = form.dataset.cvss;
    const metrics = metricsOf(form);
    const missing = Object.keys(STANDARDS[version].required).filter((name) => !(name in metrics));
    const result = missing.length === 0 ? score(write(version, metrics)) : null;
    const put = (name, text) => {
      for (const place of form.querySelectorAll(`[data-cvss-${name}]`)) place.textContent = text;
    };
    put("score", result ? result.score.toFixed(1) : "–");
    put("severity", result ? result.severity : "Not scored");
    put("vector", result ? result.vector : "");
    put("parts", result ? result.parts.map(([name, figure]) => `${name} ${figure.toFixed(1)}`).join(" · ") : `Still to choose: ${missing.join(", ")}`);
    const box = form.querySelector("[data-cvss-result]");
    box.className = `cvss-result sev-${result ? result.severity.toLowerCase() : "unrated"}`;
    for (const target of form.querySelectorAll("[data-cvss-target]")) target.value = result ? result.vector : "";
    for (const link of form.querySelectorAll("[data-cvss-link]")) link.hash = result ? result.vector : "";
    for (const button of form.querySelectorAll("[data-copy]")) button.dataset.copy = result ? result.vector : "";
    return result;
  }

  function fill(form, metrics) {
    for (const input of form.querySelectorAll("input[type=radio]")) input.checked = input.value === (metrics[input.name] ?? "X");
    for (const group of form.querySelectorAll("details.metric-group")) {
      if ([...group.querySelectorAll("input:checked")].some((input) => input.value !== "X")) group.open = true;
    }
  }

  function readHash() {
    let vector = "";
    try {
      vector = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const read = parse(vector);
    if (!read) return;
    const form = document.querySelector(`form[data-cvss="${read.version}"]`);
    if (!form) return;
    fill(form, read.metrics);
    show(form);
  }

  function start() {
    for (const form of document.querySelectorAll("form[data-cvss]")) {
      if (!Object.hasOwn(STANDARDS, form.dataset.cvss) || form.dataset.ready) continue;
      form.dataset.ready = "1";
      show(form);
      form.addEventListener("change", () => {
        const result = show(form);
        if (result) history.replaceState(null, "", `#${result.vector}`);
      });
      form.addEventListener("reset", () => setTimeout(() => show(form)));
    }
    readHash();
  }

  window.addEventListener("hashchange", readHash);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
