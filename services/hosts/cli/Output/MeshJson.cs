using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>Everything that <c>--json</c> writes; made at build time, so that starting costs no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = false)]
[JsonSerializable(typeof(BlackoutListJson))]
[JsonSerializable(typeof(CollectionJson))]
[JsonSerializable(typeof(CollectionListJson))]
[JsonSerializable(typeof(CoverageJson))]
[JsonSerializable(typeof(CredentialListJson))]
[JsonSerializable(typeof(CredentialJson))]
[JsonSerializable(typeof(CredentialCheckJson))]
[JsonSerializable(typeof(DemoJson))]
[JsonSerializable(typeof(EstimateJson))]
[JsonSerializable(typeof(ExportJson))]
[JsonSerializable(typeof(FailureJson))]
[JsonSerializable(typeof(FiledReportJson))]
[JsonSerializable(typeof(QueryCheckJson))]
[JsonSerializable(typeof(QuotaListJson))]
[JsonSerializable(typeof(QuotaForecastJson))]
[JsonSerializable(typeof(QuotaPolicyResultJson))]
[JsonSerializable(typeof(RecordsJson))]
[JsonSerializable(typeof(RefreshStatusJson))]
[JsonSerializable(typeof(RefreshRunJson))]
[JsonSerializable(typeof(RefreshVerifyJson))]
[JsonSerializable(typeof(DeadLettersJson))]
[JsonSerializable(typeof(DeadLetterReplayJson))]
[JsonSerializable(typeof(ReplayJson))]
[JsonSerializable(typeof(SupportReportJson))]
[JsonSerializable(typeof(UpJson))]
[JsonSerializable(typeof(VersionJson))]
internal sealed partial class MeshJson : JsonSerializerContext;
