"use strict";
// Drives the endpoint with two clients that nobody here wrote, from the interaction model alone: virtual-alexa says and
// intends every intent, alexa-skill-test-framework checks responses as certification does.
// Reads its configuration as JSON on standard input; writes one JSON object on standard output.
const fs = require("fs");
const http = require("http");
const { VirtualAlexa } = require("virtual-alexa");
const alexaTest = require("alexa-skill-test-framework");
const { startSigningProxy } = require("./signing_proxy");

/** A value to say for every slot of an intent: a synonym where there is one, so that resolution has work to do. */
function slotValues(model, intent) {
  const values = {};
  for (const slot of intent.slots || []) {
    const type = (model.types || []).find((each) => each.name === slot.type);
    const first = type && type.values[0] && type.values[0].name;
    values[slot.name] = first ? (first.synonyms || [])[0] || first.value : "1";
  }
  return values;
}

function spell(sample, values) {
  return sample.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

async function drive(config, model, url) {
  const results = [];
  // One client for all, because it takes tens of milliseconds to read the model; every attempt is a session of its own.
  const alexa = VirtualAlexa.Builder()
    .skillURL(url)
    .applicationID(config.skillId)
    .interactionModelFile(config.model)
    .create();
  const attempt = async (intent, how, act) => {
    try {
      if (alexa.context().activeSession()) alexa.context().endSession();
      await alexa.launch();
      const answer = await act();
      results.push({ intent, how, answer: JSON.parse(JSON.stringify(answer)) });
    } catch (error) {
      results.push({ intent, how, error: String(error) });
    }
  };
  await attempt("LaunchRequest", "launch", () => alexa.launch());
  await attempt("SessionEndedRequest", "end", () => alexa.endSession(2));
  for (const [number, intent] of model.intents.entries()) {
    const values = slotValues(model, intent);
    await attempt(intent.name, "intend", () => alexa.intend(intent.name, values));
    if (number % 4) continue; // finding the intent of an utterance takes it 50 ms: a quarter of them will do
    const sample = (intent.samples || []).find((each) => !/\b(open|launch|start|tell|ask|talk)\b/.test(each));
    if (sample !== undefined) {
      await attempt(intent.name, "utter", () => alexa.utter(spell(sample, values)));
    }
  }
  return results;
}

function post(port, event) {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify(event));
    const request = http.request(
      { host: "127.0.0.1", port, method: "POST", path: "/", headers: { "Content-Length": body.length } },
      (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => {
          if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
          else resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** The framework wants mocha's `it` and a Lambda handler; it gets a list of tests and the endpoint. */
async function certify(config, model, port) {
  const tests = [];
  global.it = (name, run) => tests.push({ name, run });
  const handler = (event, context, callback) => {
    post(port, event).then((answer) => callback(null, answer), callback);
  };
  alexaTest.initialize({ handler }, config.skillId, "amzn1.ask.account.TEST");
  for (const intent of model.intents) {
    const request = alexaTest.getIntentRequest(intent.name, slotValues(model, intent));
    alexaTest.test([{ request: alexaTest.getLaunchRequest() }, { request }], intent.name);
  }
  const failures = [];
  for (const test of tests) {
    await new Promise((resolve) => {
      test.run((error) => {
        if (error) failures.push({ intent: test.name, message: String(error.message || error) });
        resolve();
      });
    });
  }
  return { checked: tests.length, failures };
}

async function main() {
  const config = JSON.parse(fs.readFileSync(0, "utf8"));
  const model = JSON.parse(fs.readFileSync(config.model, "utf8")).interactionModel.languageModel;
  const proxy = await startSigningProxy({
    port: config.port,
    key: fs.readFileSync(config.key, "utf8"),
    certificateUrl: config.certificateUrl,
  });
  const driven = await drive(config, model, `http://127.0.0.1:${proxy.port}/`);
  const certified = await certify(config, model, proxy.port);
  const statuses = proxy.exchanges.map((exchange) => exchange.status);
  const resolved = proxy.exchanges.map((exchange) => exchange.request.request.intent).filter(Boolean);
  process.stdout.write(JSON.stringify({ driven, certified, statuses, resolved }), () => process.exit(0));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
