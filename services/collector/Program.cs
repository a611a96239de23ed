using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Collector;

var builder = WebApplication.CreateBuilder(args);
builder.AddMeshDefaults("collector");
builder.AddCollector();

var app = builder.Build();
app.MapMeshDefaults();
app.MapCollector();
await app.RunMeshAsync();
