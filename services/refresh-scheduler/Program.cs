using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.RefreshScheduler;

var builder = WebApplication.CreateBuilder(args);
builder.AddMeshDefaults("refresh-scheduler");
builder.AddRefreshScheduler();

var app = builder.Build();
app.MapMeshDefaults();
app.MapRefreshScheduler();
await app.RunMeshAsync();
