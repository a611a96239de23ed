namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A shop of the sandbox, with what it sells.</summary>
public sealed record SandboxShop(long Id, string Name, double Rating, long Reviews, long Sold, IReadOnlyList<SandboxProduct> Products);

/// <summary>A product with its reviews.</summary>
public sealed record SandboxProduct(long Id, string Name, string Description, string Price, long Sold, IReadOnlyList<SandboxReview> Reviews);

/// <summary>A review of a product; the rating is 1 to 5.</summary>
public sealed record SandboxReview(DateTimeOffset CreateTime, int Rating, string Text, long Likes, string DisplayName);
