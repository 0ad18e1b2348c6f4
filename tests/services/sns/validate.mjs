/**
 * Runs the npm package sns-validator on a message from standard input, and on a changed one.
 * The package fetches certificates by https from AWS's hosts: here that one call is answered with
 * the certificate that the test has fetched from our own.
 */
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {Readable} from "node:stream";

const require = createRequire(`${process.env.SIGNALBOX_NODE_MODULES}/`);
const https = require("node:https");
const {message, certificate} = JSON.parse(readFileSync(0, "utf8"));
https.get = (url, answer) => {
  const response = Readable.from([certificate]);
  response.statusCode = 200;
  answer(response);
  return {on: () => undefined};
};
const Validator = require("sns-validator");
const url = message.SigningCertURL.replace(/^http:\/\/[^/]+/, "https://sns.us-east-1.amazonaws.com");

function accepts(told) {
  return new Promise((resolve) => {
    new Validator().validate({...told, SigningCertURL: url}, (error) => resolve(!error));
  });
}

const accepted = await accepts(message);
const changed = await accepts({...message, Message: "changed"});
process.stdout.write(JSON.stringify({accepted, changed}));
