// The movies API as a Pulumi program in TypeScript: the document of ../openapi, and what it does not say.
import * as fs from "fs";
import * as path from "path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const document = fs.readFileSync(path.join(__dirname, "..", "openapi", "openapi.yaml"), "utf-8");

const api = new aws.apigateway.RestApi("api", { name: "movies", body: document });

const role = new aws.iam.Role("role", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const scale = new aws.lambda.Function("scale", {
    name: "movies-scale",
    runtime: "python3.12",
    handler: "index.handler",
    role: role.arn,
    code: new pulumi.asset.FileArchive(path.join(__dirname, "..", "function")),
});
new aws.lambda.Permission("mayInvoke", {
    function: scale.name,
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
    sourceArn: pulumi.interpolate`${api.executionArn}/*`,
});

const deployment = new aws.apigateway.Deployment("deployment", { restApi: api.id });
const stage = new aws.apigateway.Stage("prod", { restApi: api.id, deployment: deployment.id, stageName: "prod" });

const demo = new aws.apigateway.ApiKey("demo", { name: "demo" });
const plan = new aws.apigateway.UsagePlan("plan", {
    name: "demo",
    apiStages: [{ apiId: api.id, stage: stage.stageName }],
    throttleSettings: { rateLimit: 100, burstLimit: 200 },
});
new aws.apigateway.UsagePlanKey("keyOfPlan", { keyId: demo.id, keyType: "API_KEY", usagePlanId: plan.id });

export const url = stage.invokeUrl;
export const key = demo.value;
