using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;

var builder = WebApplication.CreateBuilder(args);
builder.AddMeshDefaults("normalizer");
builder.AddNormalizer();

var app = builder.Build();
app.MapMeshDefaults();
app.MapNormalizer();
await app.RunMeshAsync();
