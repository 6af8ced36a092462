"""The names of all resource types of the services that the AWS dialects claim.

Source: CloudFormation Template Reference, "AWS resource and property types reference".
"""

from collections.abc import Mapping
from typing import Final

TYPE_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    prefix: tuple(names.split())
    for prefix, names in {
        "AWS::ApiGateway::": (
            "Account ApiKey Authorizer BasePathMapping BasePathMappingV2 ClientCertificate Deployment "
            "DocumentationPart DocumentationVersion DomainName DomainNameAccessAssociation DomainNameV2 "
            "GatewayResponse Method Model RequestValidator Resource RestApi Stage UsagePlan UsagePlanKey "
            "VpcLink"
        ),
        "AWS::ApiGatewayV2::": (
            "Api ApiGatewayManagedOverrides ApiMapping Authorizer Deployment DomainName Integration "
            "IntegrationResponse Model PortalProduct Route RouteResponse RoutingRule Stage VpcLink"
        ),
        "AWS::AppSync::": (
            "Api ApiCache ApiKey ChannelNamespace DataSource DomainName DomainNameApiAssociation "
            "FunctionConfiguration GraphQLApi GraphQLSchema Resolver SourceApiAssociation Type"
        ),
        "AWS::ApplicationAutoScaling::": "ScalableTarget ScalingPolicy",
        "AWS::CDK::": "Metadata",
        "AWS::CertificateManager::": (
            "Account AcmeDomainValidation AcmeEndpoint AcmeExternalAccountBinding Certificate"
        ),
        "AWS::CloudFormation::": (
            "ChangeSet CustomResource GeneratedTemplate GuardHook HookDefaultVersion HookTypeConfig "
            "HookVersion LambdaHook Macro ModuleDefaultVersion ModuleVersion PublicTypeVersion Publisher "
            "ResourceDefaultVersion ResourceVersion Stack StackSet TypeActivation WaitCondition "
            "WaitConditionHandle"
        ),
        "AWS::CloudFront::": (
            "AnycastIpList CachePolicy CloudFrontOriginAccessIdentity ConnectionFunction ConnectionGroup "
            "ContinuousDeploymentPolicy Distribution DistributionTenant FieldLevelEncryptionConfig "
            "FieldLevelEncryptionProfile Function KeyGroup KeyValueStore MonitoringSubscription "
            "OriginAccessControl OriginRequestPolicy PublicKey RealtimeLogConfig ResponseHeadersPolicy "
            "StreamingDistribution TrustStore VpcOrigin"
        ),
        "AWS::CloudWatch::": (
            "Alarm AlarmMuteRule AnomalyDetector CompositeAlarm Dashboard InsightRule Integration LogAlarm "
            "MetricStream OTelEnrichment ResourceMetricsConfiguration View"
        ),
        "AWS::Cognito::": (
            "IdentityPool IdentityPoolPrincipalTag IdentityPoolRoleAttachment LogDeliveryConfiguration "
            "ManagedLoginBranding Terms UserPool UserPoolClient UserPoolDomain UserPoolGroup "
            "UserPoolIdentityProvider UserPoolRegionalConfigurationAttachment UserPoolReplica "
            "UserPoolResourceServer UserPoolRiskConfigurationAttachment UserPoolUICustomizationAttachment "
            "UserPoolUser UserPoolUserToGroupAttachment"
        ),
        "AWS::DynamoDB::": "Backup GlobalTable Table",
        "AWS::EC2::": (
            "ApplicationStatusCheck CapacityManagerDataExport CapacityReservation CapacityReservationFleet "
            "CarrierGateway ClientVpnAuthorizationRule ClientVpnEndpoint ClientVpnRoute "
            "ClientVpnTargetNetworkAssociation CustomerGateway DHCPOptions EC2Fleet EIP EIPAssociation "
            "EgressOnlyInternetGateway EnclaveCertificateIamRoleAssociation FlowLog FpgaImage "
            "GatewayRouteTableAssociation Host IPAM IPAMAllocation IPAMPool IPAMPoolCidr "
            "IPAMPrefixListResolver IPAMPrefixListResolverTarget IPAMResourceDiscovery "
            "IPAMResourceDiscoveryAssociation IPAMScope IPv4Pool Instance InstanceConnectEndpoint "
            "InstanceEventWindow InternetGateway IpPoolRouteTableAssociation "
            "IpamExternalResourceVerificationToken IpamInternetRegistryAssociation KeyPair LaunchTemplate "
            "LocalGatewayRoute LocalGatewayRouteTable LocalGatewayRouteTableVPCAssociation "
            "LocalGatewayRouteTableVirtualInterfaceGroupAssociation LocalGatewayVirtualInterface "
            "LocalGatewayVirtualInterfaceGroup NatGateway NetworkAcl NetworkAclEntry "
            "NetworkInsightsAccessScope NetworkInsightsAccessScopeAnalysis NetworkInsightsAnalysis "
            "NetworkInsightsPath NetworkInterface NetworkInterfaceAttachment NetworkInterfacePermission "
            "NetworkPerformanceMetricSubscription PlacementGroup PrefixList Route RouteServer "
            "RouteServerAssociation RouteServerEndpoint RouteServerPeer RouteServerPropagation RouteTable "
            "SecondaryNetwork SecurityGroup SecurityGroupEgress SecurityGroupIngress "
            "SecurityGroupVpcAssociation SnapshotBlockPublicAccess SpotFleet SqlHaStandbyDetectedInstance "
            "Subnet SubnetCidrBlock SubnetCidrReservation SubnetNetworkAclAssociation "
            "SubnetRouteTableAssociation TrafficMirrorFilter TrafficMirrorFilterRule TrafficMirrorSession "
            "TrafficMirrorTarget TransitGateway TransitGatewayAttachment TransitGatewayConnect "
            "TransitGatewayConnectPeer TransitGatewayMeteringPolicy TransitGatewayMeteringPolicyEntry "
            "TransitGatewayMulticastDomain TransitGatewayMulticastDomainAssociation "
            "TransitGatewayMulticastGroupMember TransitGatewayMulticastGroupSource "
            "TransitGatewayPeeringAttachment TransitGatewayPolicyTable TransitGatewayPolicyTableAssociation "
            "TransitGatewayPolicyTableEntry TransitGatewayRoute TransitGatewayRouteTable "
            "TransitGatewayRouteTableAssociation TransitGatewayRouteTablePropagation "
            "TransitGatewayVpcAttachment VPC VPCBlockPublicAccessExclusion VPCBlockPublicAccessOptions "
            "VPCCidrBlock VPCDHCPOptionsAssociation VPCEncryptionControl VPCEndpoint "
            "VPCEndpointConnectionNotification VPCEndpointService VPCEndpointServicePermissions "
            "VPCGatewayAttachment VPCPeeringConnection VPNConcentrator VPNConnection VPNConnectionRoute "
            "VPNGateway VPNGatewayRoutePropagation VerifiedAccessEndpoint VerifiedAccessGroup "
            "VerifiedAccessInstance VerifiedAccessTrustProvider Volume VolumeAttachment"
        ),
        "AWS::ECR::": (
            "PublicRepository PullThroughCacheRule PullTimeUpdateExclusion RegistryPolicy "
            "RegistryScanningConfiguration ReplicationConfiguration Repository RepositoryCreationTemplate "
            "SigningConfiguration"
        ),
        "AWS::ElasticLoadBalancingV2::": (
            "Listener ListenerCertificate ListenerRule LoadBalancer TargetGroup TrustStore TrustStoreRevocation"
        ),
        "AWS::Events::": "ApiDestination Archive Connection Endpoint EventBus EventBusPolicy Rule",
        "AWS::IAM::": (
            "AccessKey Group GroupPolicy InstanceProfile ManagedPolicy OIDCProvider Policy Role RolePolicy "
            "SAMLProvider ServerCertificate ServiceLinkedRole User UserPolicy UserToGroupAddition "
            "VirtualMFADevice"
        ),
        "AWS::KMS::": "Alias Key ReplicaKey",
        "AWS::Kinesis::": "Channel ResourcePolicy Stream StreamConsumer",
        "AWS::KinesisFirehose::": "DeliveryStream",
        "AWS::Lambda::": (
            "Alias CapacityProvider CodeSigningConfig EventInvokeConfig EventSourceMapping Function "
            "LayerVersion LayerVersionPermission MicrovmImage NetworkConnector Permission ResourcePolicy Url "
            "Version WebFunction WebFunctionEndpoint WebFunctionRevision"
        ),
        "AWS::Logs::": (
            "AccountPolicy Delivery DeliveryDestination DeliverySource Destination Integration "
            "LogAnomalyDetector LogGroup LogStream MetricFilter QueryDefinition ResourcePolicy "
            "ScheduledQuery StorageTierPolicy SubscriptionFilter Transformer"
        ),
        "AWS::Pipes::": "Pipe",
        "AWS::Route53::": (
            "CidrCollection DNSSEC DelegationSet HealthCheck HostedZone KeySigningKey QueryLoggingConfig "
            "RecordSet RecordSetGroup TrafficPolicy TrafficPolicyInstance"
        ),
        "AWS::S3::": (
            "AccessGrant AccessGrantsInstance AccessGrantsLocation AccessPoint Bucket BucketPolicy "
            "MultiRegionAccessPoint MultiRegionAccessPointPolicy StorageLens StorageLensGroup"
        ),
        "AWS::SNS::": "Subscription Topic TopicInlinePolicy TopicPolicy",
        "AWS::SQS::": "Queue QueueInlinePolicy QueuePolicy",
        "AWS::SSM::": (
            "Association CloudConnector Document MaintenanceWindow MaintenanceWindowTarget "
            "MaintenanceWindowTask OpsItem Parameter PatchBaseline ResourceDataSync ResourcePolicy "
            "ServiceSetting"
        ),
        "AWS::SageMaker::": (
            "AIWorkloadConfig Action Algorithm App AppImageConfig Artifact Cluster ClusterSchedulerConfig "
            "CodeRepository ComputeQuota Context DataQualityJobDefinition Device DeviceFleet Domain Endpoint "
            "EndpointConfig Experiment ExperimentTrialComponent FeatureGroup Hub HumanTaskUi Image "
            "ImageVersion InferenceComponent InferenceExperiment MlflowApp MlflowTrackingServer Model "
            "ModelBiasJobDefinition ModelCard ModelExplainabilityJobDefinition ModelPackage "
            "ModelPackageGroup ModelQualityJobDefinition MonitoringSchedule NotebookInstance "
            "NotebookInstanceLifecycleConfig PartnerApp Pipeline ProcessingJob Project Space "
            "StudioLifecycleConfig TrialComponent UserProfile Workforce Workteam"
        ),
        "AWS::Scheduler::": "Schedule ScheduleGroup",
        "AWS::SecretsManager::": "ResourcePolicy RotationSchedule Secret SecretTargetAttachment",
        "AWS::StepFunctions::": "Activity StateMachine StateMachineAlias StateMachineVersion",
        "AWS::WAF::": "ByteMatchSet IPSet Rule SizeConstraintSet SqlInjectionMatchSet WebACL XssMatchSet",
        "AWS::WAFRegional::": (
            "ByteMatchSet GeoMatchSet IPSet RateBasedRule RegexPatternSet Rule SizeConstraintSet "
            "SqlInjectionMatchSet WebACL WebACLAssociation XssMatchSet"
        ),
        "AWS::WAFv2::": "IPSet LoggingConfiguration RegexPatternSet RuleGroup WebACL WebACLAssociation",
        "AWS::XRay::": "Group ResourcePolicy SamplingRule TransactionSearchConfig",
    }.items()
}
"""The last part of each name, by the prefix of its service."""
